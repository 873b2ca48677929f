function column = typedColumn(fields)
%TYPEDCOLUMN  Values of unquoted fields (cell column): numbers if each is a number, else the text.
%   An empty field among numbers is NaN. If all fields are empty, they are text.
    column = str2double(fields);
    if ~isreal(column) || any([fields{:}] == ',')  % str2double reads 3i, and 5,1 as 51
        column = fields;
        return
    end
    odd = isnan(column);
    if any(odd)
        rest = strtrim(fields(odd));
        if ~all(cellfun('isempty', rest) | strcmpi(rest, 'nan')) || all(cellfun('isempty', fields))
            column = fields;
        end
    end
    if isempty(column)
        column = zeros(0, 1);
    end
end
