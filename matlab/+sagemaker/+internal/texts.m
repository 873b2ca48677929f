function list = texts(value, name)
%TEXTS  VALUE, one text or several, as a cell row of char.
%   NAME is for the error, sagemaker:input:<name>.
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
        sagemaker.internal.refuse(name, value, 'text, or a cell of text');
    end
    list = reshape(value, 1, []);
end
