function requireSession(session)
%REQUIRESESSION  Raise sagemaker:input:session for what is no sagemaker.Session.
    if ~isa(session, 'sagemaker.Session')
        sagemaker.internal.refuse('Session', session, ...
                                  'a sagemaker.Session, such as sagemaker.Session()');
    end
end
