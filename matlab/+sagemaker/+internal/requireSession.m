function requireSession(session)
%REQUIRESESSION  Raise sagemaker:input:session unless SESSION is a sagemaker.Session.
    if ~isa(session, 'sagemaker.Session')
        sagemaker.internal.refuse('Session', session, ...
                                  'a sagemaker.Session, such as sagemaker.Session()');
    end
end
