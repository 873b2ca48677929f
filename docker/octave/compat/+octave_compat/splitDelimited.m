function cells = splitDelimited(text, delimiter)
%SPLITDELIMITED  Delimited text (RFC 4180) as a rows x fields cell array of text.
%   Line ends are LF or CRLF; lines without a character are skipped. Raises
%   octave_compat:csv:ragged, octave_compat:csv:quote or octave_compat:csv:empty.
    text = strrep(text, sprintf('\r\n'), newline);
    if any(text == '"')
        records = octave_compat.splitQuoted(text, delimiter);
    else
        records = octave_compat.splitPlain(text, delimiter);
    end
    if isempty(records)
        error('octave_compat:csv:empty', 'The text holds no line. Send a header line and rows.');
    end
    fields = cellfun('prodofsize', records);
    odd = find(fields ~= fields(1), 1);
    if ~isempty(odd)
        error('octave_compat:csv:ragged', ...
              'Line %d has %d fields and the header has %d. Give every row one field a column.', ...
              odd, fields(odd), fields(1));
    end
    cells = vertcat(records{:});
end
