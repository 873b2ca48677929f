function records = table2struct(T)
%TABLE2STRUCT  One struct a row, as a rows x 1 struct array (Octave only).
    names = T.Properties.VariableNames;
    cells = cell(height(T), numel(names));
    for k = 1:numel(names)
        column = T.(names{k});
        if ~iscell(column)
            column = num2cell(column, 2);
        end
        cells(:, k) = column;
    end
    records = cell2struct(cells, names, 2);
end
