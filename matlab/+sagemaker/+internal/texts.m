function list = texts(value, name)
%TEXTS  VALUE, one text or several, as a row of char in a cell; NAME is for the error,
%   sagemaker:input:<name>.
    if isempty(value)
        list = {};
        return
    end
    value = sagemaker.internal.plain(value);
    if ischar(value)
        value = {value};
    end
    if iscell(value)
        value = cellfun(@(text) sagemaker.internal.plain(text), value, 'UniformOutput', false);
    end
    if ~iscellstr(value)
        sagemaker.internal.refuse(name, value, 'a text, or a cell of texts');
    end
    list = reshape(value, 1, []);
end
