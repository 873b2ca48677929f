function cells = columnCells(column)
%COLUMNCELLS  A table variable as rows x 1 cell array of what jsonencode writes: numbers or text.
    if isnumeric(column)
        cells = num2cell(double(column), 2);
    elseif islogical(column)
        cells = num2cell(column, 2);
    else
        cells = cellstr(column);
    end
end
