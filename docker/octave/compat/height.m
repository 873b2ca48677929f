function n = height(value)
%HEIGHT  Number of rows (Octave only; a table has its own method).
    n = size(value, 1);
end
