function body = bodyAs(contentType, bytes)
%BODYAS  A request's body as decode_input takes it: text of text types (char), else bytes (uint8).
%   Raises sagemaker_inference:decode:body for text that is not UTF-8.
    body = bytes;
    type = sagemaker_inference.internal.mediaType(contentType);
    if strncmp(type, 'text/', 5) || ~isempty(regexp(type, '[/+]json$', 'once'))
        body = sagemaker_inference.internal.toText(bytes);
    end
end
