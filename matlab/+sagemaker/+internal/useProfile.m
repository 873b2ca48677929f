function restore = useProfile(name)
%USEPROFILE  Use a profile of the AWS configuration until RESTORE is cleared; '' changes nothing.
    others = {};
    if ~isempty(name)  % these variables would take precedence over it
        others = {'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', ...
                  'AWS_REGION', 'AWS_DEFAULT_REGION'};
    end
    restore = sagemaker.internal.setVariables({'AWS_PROFILE'}, {name}, others);
end
