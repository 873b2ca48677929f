function n = width(value)
%WIDTH  Number of columns (Octave only; a table has its own method).
    n = size(value, 2);
end
