function part = head(value, count)
%HEAD  The first rows of a table or array, 8 unless COUNT says otherwise (Octave only).
    if nargin < 2
        count = 8;
    end
    part = value(1:min(count, size(value, 1)), :);
end
