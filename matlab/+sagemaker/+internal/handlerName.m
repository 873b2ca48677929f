function name = handlerName(handler)
%HANDLERNAME  Class name of HANDLER: a name, a handle to the class, or an object of it.
%   It is '' for the default handler.
    handler = sagemaker.internal.plain(handler);
    if isempty(handler)
        name = '';
    elseif ischar(handler)
        name = regexprep(handler, '\.m$', '');
    elseif isa(handler, 'function_handle')
        name = func2str(handler);
    else
        name = class(handler);
    end
    if strcmp(name, 'sagemaker_inference.DefaultInferenceHandler')
        name = '';
    end
end
