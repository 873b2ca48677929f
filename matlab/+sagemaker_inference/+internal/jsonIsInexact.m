function tf = jsonIsInexact(text)
%JSONISINEXACT  Whether JSON text may have a number that jsondecode reads wrong.
%   jsondecode of Octave may be wrong in the last digit of a number of 16 digits or more or with an
%   exponent, and makes 0 of -0; sscanf does not.
    before = text(max([strfind(text, 'e'), strfind(text, 'E')] - 1, 1));
    behind = text(min(strfind(text, '-0') + 2, end));
    tf = any(areDigits(before)) || any(behind ~= '.');
    sample = areDigits(text(8:8:end));  % 16 digits in a row show in two of these
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
