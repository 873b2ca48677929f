function value = plain(value)
%PLAIN  VALUE with a string as char, and a string array as a cell of char.
    if isa(value, 'string')
        if numel(value) == 1
            value = char(value);
        else
            value = cellstr(value);
        end
    end
end
