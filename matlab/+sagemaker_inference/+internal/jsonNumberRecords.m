function [names, columns, hasInstances] = jsonNumberRecords(text)
%JSONNUMBERRECORDS  Read JSON records that differ only in their numbers, which most programs send.
%   [NAMES, COLUMNS, HASINSTANCES] = jsonNumberRecords(TEXT): NAMES (1 x n cell) and COLUMNS (1 x n
%   cell of rows x 1 double) are {} for any other text, which jsonToTable can read in six times the
%   time. HASINSTANCES is as in jsonToTable. The text between the numbers is the same in each
%   record. It is replaced by marks. If only numbers and marks in the right order remain, the text
%   was JSON.
    names = {};
    columns = {};
    hasInstances = false;
    stop = find(text(1:min(end, 10000)) == '}', 1);
    if isempty(stop)
        return
    end
    next = stop + find(text(stop + 1:min(end, stop + 100)) == '{', 1);
    if isempty(next)
        return
    end
    blanks = '[ \t\r\n]*';
    opening = regexp(text(1:stop), ['^' blanks '(\{' blanks '"instances"' blanks ':' blanks ...
                                    ')?\[' blanks], 'match', 'once');
    hasInstances = any(opening == '{');
    [labels, between] = firstRecord(text(numel(opening) + 1:stop), blanks);
    comma = text(stop + 1:next - 1);
    ending = endingOf(text);
    closings = {'}]', '}]}'};
    if isempty(opening) || isempty(labels) || ...
            ~isequal(regexprep({comma, ending}, blanks, ''), {',', closings{1 + hasInstances}})
        return
    end
    start = numel(opening) + numel(between{1}) + numel(labels{1}) + 1;
    separators = cellfun(@(a, b) [a, b], [{[between{end}, comma, between{1}]}, ...
                                          between(2:end - 1)], labels, 'UniformOutput', false);
    columns = columnsBetween(separators, text(start:end - numel(ending)));
    if ~isempty(columns)
        names = namesIn(labels);
    end
end

function ending = endingOf(text)
    % The brackets and blanks after the last number.
    ending = text(max(end - 100, 1):end);
    isInside = ~(isspace(ending) | ending == '}' | ending == ']');
    ending = ending(find([true, isInside], 1, 'last'):end);
end

function [labels, between] = firstRecord(record, blanks)
    % LABELS is the text from each name to its number, BETWEEN the text between members. LABELS is
    % {} if a name has a backslash, if a value is not a plain number, or if there are more than 31,
    % because there are only 31 control characters for marks.
    [members, between] = regexp(record, ['"[^"\\]*"' blanks ':' blanks '-?[0-9.]+'], ...
                                'match', 'split');
    labels = regexprep(members, '-?[0-9.]+$', '');
    names = namesIn(labels);
    count = numel(names);
    if count == 0 || count > 31 || any([names{:}] < 32) || ...
            ~isequal(regexprep(between, blanks, ''), [{'{'}, repmat({','}, 1, count - 1), {'}'}])
        labels = {};
    end
end

function names = namesIn(labels)
    names = cellfun(@(m) m(2:find(m == '"', 1, 'last') - 1), labels, 'UniformOutput', false);
end

function columns = columnsBetween(separators, text)
    % TEXT starts with the first number of the first record and ends with the last number of the
    % last record. The first of the SEPARATORS is between records, the others are inside a record.
    columns = {};
    count = numel(separators);
    marked = text;
    for k = 1:count
        marked = strrep(marked, separators{k}, char(k));
    end
    isMark = marked < ' ';
    rows = ceil((sum(isMark) + 1) / count);
    marks = repmat(char([2:count, 1]), 1, rows);
    lengths = cellfun('prodofsize', separators);
    saved = rows * sum(lengths - 1) - (lengths(1) - 1);
    if ~isequal(marked(isMark), marks(1:end - 1)) || numel(marked) + saved ~= numel(text)
        return
    end
    marked(isMark) = ',';
    values = sagemaker_inference.internal.text.plainNumbers(marked);
    if numel(values) == rows * count
        columns = num2cell(reshape(values, count, [])', 1);
    end
end
