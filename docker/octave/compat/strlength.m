function n = strlength(text)
%STRLENGTH  Number of characters in text, or in each text of a cell array (Octave only).
    n = cellfun(@(t) numel(t), cellstr(text));
end
