function value = plain(value)
%PLAIN  VALUE, but a string as char, and an array of strings as a cell of char.
    if isa(value, 'string')
        if numel(value) == 1
            value = char(value);
        else
            value = cellstr(value);
        end
    end
end
