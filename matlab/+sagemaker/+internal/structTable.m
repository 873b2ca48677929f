function T = structTable(data)
%STRUCTTABLE  A struct as a table.
%   T = structTable(DATA): each element of a struct array is a row; each field of a scalar struct is
%   a column. Raises sagemaker:predict:request for a field that is not a column, such as a matrix.
    names = fieldnames(data);
    columns = cell(1, numel(names));
    for k = 1:numel(names)
        if isscalar(data)
            columns{k} = columnOf(data.(names{k}), names{k});
        else
            columns{k} = columnOf({data.(names{k})}, names{k});
        end
    end
    T = table(columns{:}, 'VariableNames', reshape(names, 1, []));
end

function column = columnOf(value, name)
    value = sagemaker.internal.plain(value);
    if ischar(value) && size(value, 1) < 2
        value = {value};
    end
    if iscell(value)
        value = cellfun(@(item) sagemaker.internal.plain(item), value, 'UniformOutput', false);
    end
    isNumber = @(item) (isnumeric(item) || islogical(item)) && isscalar(item);
    isText = @(item) ischar(item) && size(item, 1) < 2;
    isColumn = isempty(value) || isvector(value);
    if iscell(value) && all(cellfun(isNumber, value(:)))
        value = cellfun(@(item) double(item), value);
    elseif iscell(value)
        isColumn = isColumn && all(cellfun(isText, value(:)));
    elseif ischar(value)
        isColumn = false;
    end
    if ~isColumn
        error('sagemaker:predict:request', ...
              ['The field %s is not a column of a table. Give a vector, one text, or a cell of ' ...
               'numbers or of text, with one value for each row.'], name);
    end
    column = reshape(value, [], 1);
end
