function records = splitQuoted(text, delimiter)
%SPLITQUOTED  Records of delimited text in which fields may stand in double quotes.
%   Separators count only where the number of quotes before them is even: a doubled quote
%   inside a field leaves that parity as it is.
    text = [regexprep(text, '\n+$', ''), newline];
    outside = mod(cumsum(text == '"'), 2) == 0;
    if ~outside(end)
        error('octave_compat:csv:quote', 'A double quote is opened and never closed.');
    end
    line_ends = find(outside & text == newline);
    starts = [1, line_ends(1:end - 1) + 1];
    records = cell(1, numel(line_ends));
    for k = 1:numel(line_ends)
        span = starts(k):line_ends(k) - 1;
        records{k} = quotedFields(text(span), outside(span), delimiter);
    end
    records = records(line_ends > starts);
end

function fields = quotedFields(line, outside, delimiter)
    ends = [find(outside & line == delimiter), numel(line) + 1];
    starts = [1, ends(1:end - 1) + 1];
    fields = arrayfun(@(a, b) unquoted(line(a:b - 1)), starts, ends, 'UniformOutput', false);
end

function field = unquoted(field)
    trimmed = strtrim(field);
    if numel(trimmed) >= 2 && trimmed(1) == '"' && trimmed(end) == '"'
        field = regexprep(trimmed(2:end - 1), '""', '"');  % strrep would match twice in '"""'
    elseif any(field == '"')
        error('octave_compat:csv:quote', ...
              'The field %s has a quote inside unquoted text. Quote the whole field.', field);
    end
end
