function name = functionName(f)
%FUNCTIONNAME  Name of a training function without its package; 'training' if it is anonymous.
    f = sagemaker.internal.plain(f);
    name = 'training';
    if isa(f, 'function_handle')
        f = func2str(f);
    end
    if ischar(f) && isempty(regexp(f, '^@\(', 'once'))
        name = regexprep(f, '^@?(.*\.)?', '');
    end
end
