function column = asColumn(column)
%ASCOLUMN  Char matrices as cells of text, the only text that a column holds.
    if ischar(column)
        column = cellstr(column);
    end
end
