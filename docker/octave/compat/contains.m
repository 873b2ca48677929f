function tf = contains(text, pattern, varargin)
%CONTAINS  True where text contains one of the patterns (Octave only).
%   TF = CONTAINS(TEXT, PATTERN, 'IgnoreCase', true)
    [~, ignoreCase] = octave_compat.splitNameValue(varargin, 'IgnoreCase');
    texts = cellstr(text);
    patterns = cellstr(pattern);
    if ~isempty(ignoreCase) && ignoreCase
        texts = lower(texts);
        patterns = lower(patterns);
    end
    tf = false(size(texts));
    for k = 1:numel(patterns)
        tf = tf | ~cellfun('isempty', strfind(texts, patterns{k}));
    end
end
