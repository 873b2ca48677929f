function columns = withoutRows(columns, rows)
%WITHOUTROWS  Columns after T(rows, :) = [].
    for k = 1:numel(columns)
        columns{k}(rows, :) = [];
    end
end
