function tf = isInexact(text)
%ISINEXACT  Whether JSON text may have a number that jsondecode reads wrong.
%   Octave's jsondecode may be wrong in the last digit of a number with an exponent or with 16
%   digits or more, and reads -0 as 0. sscanf reads them right.
    before = text(max([strfind(text, 'e'), strfind(text, 'E')] - 1, 1));
    behind = text(min(strfind(text, '-0') + 2, end));
    tf = any(areDigits(before)) || any(behind ~= '.');
    sample = areDigits(text(8:8:end));  % 16 digits in a row are in two of these
    if ~tf && any(sample(1:end - 1) & sample(2:end))
        is = areDigits(text);
        for step = [1, 2, 4, 8]
            is = is(1:end - step) & is(1 + step:end);
        end
        tf = any(is);
    end
end

function tf = areDigits(text)
    tf = text >= '0' & text <= '9' | text == '.';
end
