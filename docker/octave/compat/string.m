function text = string(value)
%STRING  MATLAB's string() for GNU Octave, which has no string class.
%   One text is char, several are a cell array. Numbers are written as MATLAB writes
%   them, with up to 5 digits. Octave only.
    if ischar(value) && size(value, 1) <= 1 || iscellstr(value)
        text = value;
    elseif ischar(value)
        text = cellstr(value);
    elseif islogical(value)
        names = {'false', 'true'};
        text = oneOrMany(names(value + 1));
    elseif isnumeric(value)
        text = oneOrMany(arrayfun(@(v) sprintf('%.5g', v), value, 'UniformOutput', false));
    else
        text = char(value);
    end
end

function text = oneOrMany(texts)
    text = texts;
    if isscalar(texts)
        text = texts{1};
    end
end
