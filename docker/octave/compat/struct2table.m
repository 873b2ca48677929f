function T = struct2table(records)
%STRUCT2TABLE  A struct array, or a scalar struct of columns, as a table (Octave only).
%   Each element of a struct array becomes a row.
    names = fieldnames(records);
    columns = cell(1, numel(names));
    for k = 1:numel(names)
        columns{k} = fieldColumn({records.(names{k})});
    end
    T = table(columns{:}, 'VariableNames', names');
end

function column = fieldColumn(values)
    if all(cellfun(@(v) isnumeric(v) || islogical(v), values))
        column = vertcat(values{:});
    elseif isscalar(values) && iscell(values{1})
        column = values{1};
    else
        column = values(:);
    end
end
