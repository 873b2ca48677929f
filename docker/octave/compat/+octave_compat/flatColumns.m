function [flatNames, columns] = flatColumns(T, names)
%FLATCOLUMNS  Columns of width one; a variable of several columns gives name_1, name_2, ...
    flatNames = {};
    columns = {};
    for k = 1:numel(names)
        value = T.(names{k});
        wide = size(value, 2);
        if wide == 1
            flatNames{end + 1} = names{k};
        else
            flatNames = [flatNames, arrayfun(@(j) sprintf('%s_%d', names{k}, j), 1:wide, ...
                                             'UniformOutput', false)];
        end
        columns = [columns, num2cell(value, 1)];
    end
end
