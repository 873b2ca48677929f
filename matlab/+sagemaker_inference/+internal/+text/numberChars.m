function part = numberChars(values, notFinite)
%NUMBERCHARS  A column of numbers for joinRows: the rows of Padded, padded with blanks.
%   PART = numberChars(VALUES, NOTFINITE): each number is the shortest decimal that gives the same
%   double: 5.1 stays 5.1, and 0.1 + 0.2 is 0.30000000000000004. NOTFINITE (char) replaces NaN, Inf
%   and -Inf, which JSON does not have.
    if isinteger(values)
        part = struct('Padded', written('%-26d', values));
        return
    end
    values = double(values);
    chars = written('%-26.15g', values);
    left = find(~(values == fix(values) & abs(values) < 1e15));
    precision = 15;  % enough for 7 % of random doubles; 17 is enough for all
    if any(values(left) ~= 0 & abs(values(left)) < realmin)
        precision = 1;  % denormal numbers have fewer digits
        chars(left, :) = written('%-26.1g', values(left));
    end
    left = left(~isReadBack(chars(left, :), values(left)));
    while ~isempty(left) && precision < 17
        precision = precision + 1;
        chars(left, :) = written(sprintf('%%-26.%dg', precision), values(left));
        if precision < 17
            left = left(~isReadBack(chars(left, :), values(left)));
        end
    end
    odd = ~isfinite(values);
    if nargin > 1 && any(odd)
        chars(odd, :) = repmat(sprintf('%-26s', notFinite), sum(odd), 1);
    end
    part = struct('Padded', chars);
end

function chars = written(form, values)
    chars = reshape(sprintf(form, values), 26, [])';
end

function same = isReadBack(chars, values)
    back = sscanf(chars', '%f');
    same = back(:) == values | isnan(values);
end
