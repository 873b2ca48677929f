function type = responseType(accept)
%RESPONSETYPE  The Content-Type of an answer to ACCEPT.
%   An override of encode_output may write a type that the base class does not know: then it is the
%   first one asked for.
    type = sagemaker_inference.internal.negotiate(accept, {'text/csv', 'application/json'});
    if isempty(type)
        types = sagemaker_inference.internal.acceptedTypes(accept);
        type = types{1};
    end
end
