function name = handlerName(handler)
%HANDLERNAME  The class of HANDLER, its name, a handle to it or an object of it; '': the default.
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
