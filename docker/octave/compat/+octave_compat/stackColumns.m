function columns = stackColumns(names, columns, otherNames, otherColumns)
%STACKCOLUMNS  Columns of two tables stacked vertically, matched by name.
    if numel(names) ~= numel(otherNames) || ~all(ismember(names, otherNames))
        error('MATLAB:table:vertcat:UnequalVarNames', ...
              'Stacked tables need the same variables; these have (%s) and (%s).', ...
              strjoin(names, ', '), strjoin(otherNames, ', '));
    end
    for k = 1:numel(columns)
        below = otherColumns{strcmp(otherNames, names{k})};
        if iscell(columns{k}) ~= iscell(below)
            error('MATLAB:table:vertcat:VertcatMethodFailed', ...
                  'Variable ''%s'' is numeric in one table and text in the other.', names{k});
        end
        columns{k} = [columns{k}; below];
    end
end
