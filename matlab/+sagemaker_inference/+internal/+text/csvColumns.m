function [header, columns] = csvColumns(text, delimiter, isHeader)
%CSVCOLUMNS  Delimited text (RFC 4180) as columns: numbers (double) or text (cell columns of char).
%   [HEADER, COLUMNS] = csvColumns(TEXT, DELIMITER, ISHEADER): ISHEADER is a function that says
%   whether the fields of the first line (1 x n cell) are names. HEADER has these names unchanged,
%   or is {}. A column is numeric if all its fields are unquoted numbers or empty (NaN). Any other
%   column is text. Empty lines are skipped.
%   Raises sagemaker_inference:csv:empty, :ragged, :quote.
    text = withLineEnds(text);
    [header, body] = firstRecord(text, delimiter);
    count = numel(header);
    if ~isHeader(header)
        header = {};
        body = text;
    end
    columns = numericColumns(body, delimiter, count);
    if isempty(columns)
        columns = mixedColumns(body, delimiter, count, numel(header) > 0);
    end
end

function text = withLineEnds(text)
    % LF line ends, also after the last line; CR LF inside quotes is part of a field.
    if any(text == sprintf('\r'))
        isEnd = [text(1:end - 1) == sprintf('\r') & text(2:end) == newline, false];
        text(isEnd & isOutside(text)) = [];
    end
    start = find(text ~= newline, 1);
    stop = find(text ~= newline, 1, 'last');
    if isempty(start)
        error('sagemaker_inference:csv:empty', ...
              'There are only empty lines. Send a header line and at least one row.');
    end
    text = [text(start:stop), newline];
end

function outside = isOutside(text)
    % Where the number of quotes so far is even; a doubled quote inside a field does not change it.
    outside = mod(cumsum(text == '"'), 2) == 0;
end

function [fields, rest] = firstRecord(text, delimiter)
    stop = find(text == newline, 1);
    if any(text(1:stop) == '"')
        stop = find(text == newline & isOutside(text), 1);
        if isempty(stop)
            refuseQuote();
        end
        [fields, isQuoted] = quotedFields(text(1:stop - 1), delimiter);
    else
        fields = regexp(text(1:stop - 1), regexptranslate('escape', delimiter), 'split');
        isQuoted = false(size(fields));
    end
    fields(~isQuoted) = strtrim(fields(~isQuoted));
    rest = text(stop + 1:end);
end

function columns = numericColumns(body, delimiter, count)
    % The columns of text that has only plain numbers: much faster than mixedColumns. {} for other
    % text.
    columns = {};
    isEnd = body == delimiter | body == newline;
    ends = body(isEnd);
    rows = numel(ends) / count;
    if rows == 0 || rows ~= fix(rows) || ...
            ~isequal(ends, repmat([repmat(delimiter, 1, count - 1), newline], 1, rows))
        return
    end
    text = body(1:end - 1);
    text(isEnd(1:end - 1)) = ',';
    values = sagemaker_inference.internal.text.plainNumbers(text);
    if numel(values) ~= numel(ends)
        values = oddNumbers(body, isEnd);
    end
    if ~isempty(values)
        columns = num2cell(reshape(values, count, [])', 1);
    end
end

function values = oddNumbers(body, isEnd)
    % Numbers that are not valid in JSON, such as .5, 007 and +1e5; [] if a field is not a number.
    values = [];
    ends = find(isEnd);
    isDigit = body >= '0' & body <= '9';
    others = find(~(isDigit | isEnd));
    marks = body(others);
    if arePlain(marks, others, isDigit, isEnd, ends)
        body(isEnd) = ' ';
        values = sscanf(body, '%f');
    elseif all(any(marks == ['+-.eE']')) && all(diff([0, ends]) > 1)
        % Read each number with the separator after it. If a field is not a number, the separators
        % are wrong.
        pairs = sscanf(body, '%f%c');
        if numel(pairs) == 2 * numel(ends) && isequal(pairs(2:2:end)', double(body(ends)))
            values = pairs(1:2:end);
        end
    end
end

function tf = arePlain(marks, at, isDigit, isEnd, ends)
    % Whether each field has only digits, at most one point before the last digit, and at most a
    % minus before the first. MARKS are the characters, at AT, that are not digits or separators.
    tf = all(isDigit(ends(ends > 1) - 1)) && ends(1) > 1 && all(marks == '.' | marks == '-');
    if tf
        isMinus = marks == '-';
        starts = [true, isEnd(1:end - 1)];
        points = at(~isMinus);
        tf = all(starts(at(isMinus))) && (isempty(points) || all(diff(cumsumAt(isEnd, points))));
    end
end

function counts = cumsumAt(is, at)
    counts = cumsum(is);
    counts = counts(at);
end

function columns = mixedColumns(body, delimiter, count, hasHeader)
    isQuoted = false(1, count);
    if any(body == '"')
        [records, quoted] = splitQuoted(body, delimiter);
    else
        lines = regexp(body(1:end - 1), '\n', 'split');
        records = regexp(lines(~cellfun('isempty', lines)), ...
                         regexptranslate('escape', delimiter), 'split');
        quoted = {};
    end
    odd = find(cellfun('prodofsize', records) ~= count, 1);
    if ~isempty(odd)
        error('sagemaker_inference:csv:ragged', ...
              'Line %d has %d fields, but the first has %d. Give all lines the same number.', ...
              odd + hasHeader, numel(records{odd}), count);
    end
    cells = [vertcat(records{:}); cell(0, count)];
    if ~isempty(quoted)
        isQuoted = any(vertcat(quoted{:}), 1);
    end
    columns = cell(1, count);
    for k = 1:count
        columns{k} = cells(:, k);
        if ~isQuoted(k)
            columns{k} = sagemaker_inference.internal.text.typedColumn(cells(:, k));
        end
    end
end

function [records, isQuoted] = splitQuoted(text, delimiter)
    % The fields of each line, and which are quoted. Separators count only outside of quotes.
    outside = isOutside(text);
    if ~outside(end)
        refuseQuote();
    end
    stops = find(outside & text == newline);
    starts = [1, stops(1:end - 1) + 1];
    isEmpty = stops == starts;
    stops(isEmpty) = [];
    starts(isEmpty) = [];
    records = cell(1, numel(stops));
    isQuoted = cell(1, numel(stops));
    for k = 1:numel(stops)
        [records{k}, isQuoted{k}] = quotedFields(text(starts(k):stops(k) - 1), delimiter);
    end
end

function [fields, isQuoted] = quotedFields(line, delimiter)
    % Blanks around a quoted field are removed.
    stops = [find(isOutside(line) & line == delimiter), numel(line) + 1];
    starts = [1, stops(1:end - 1) + 1];
    fields = cell(1, numel(stops));
    isQuoted = false(1, numel(stops));
    for k = 1:numel(stops)
        field = line(starts(k):stops(k) - 1);
        if any(field == '"')
            field = strtrim(field);
            if numel(field) < 2 || field(1) ~= '"' || field(end) ~= '"'
                error('sagemaker_inference:csv:quote', ...
                      'The field %s has a quote in unquoted text. Quote the whole field.', ...
                      field(1:min(end, 50)));
            end
            isQuoted(k) = true;
            field = regexprep(field(2:end - 1), '""', '"');  % strrep would match twice in '"""'
        end
        fields{k} = field;
    end
end

function refuseQuote()
    error('sagemaker_inference:csv:quote', ...
          'A quoted field has no closing quote. Add it; double a quote that is part of the text.');
end
