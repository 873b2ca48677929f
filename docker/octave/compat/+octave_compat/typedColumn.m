function column = typedColumn(fields)
%TYPEDCOLUMN  A rows x 1 cell array of text as numbers where every field is one, else as it is.
    column = str2double(fields);
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
