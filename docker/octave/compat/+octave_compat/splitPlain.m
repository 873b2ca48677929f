function records = splitPlain(text, delimiter)
%SPLITPLAIN  Lines of unquoted delimited text, each a 1 x fields cell array of text.
    lines = strsplit(text, newline);
    lines = lines(~cellfun('isempty', lines));
    records = regexp(lines, regexptranslate('escape', delimiter), 'split');
end
