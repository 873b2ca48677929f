function [names, columns, hasInstances] = jsonNumberRecords(text)
%JSONNUMBERRECORDS  JSON records that differ in their numbers only, as most programs write them.
%   NAMES (1 x n cell, as they are) and COLUMNS (1 x n cell of rows x 1 double), both {} for any
%   other text: jsonToTable reads that, in six times the time. HASINSTANCES as there.
%   What stands between the numbers is the same in each record. Where it is replaced by marks, and
%   nothing is left but numbers and marks in their order, the text was JSON.
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
    % The brackets and blanks behind the last number.
    ending = text(max(end - 100, 1):end);
    isInside = ~(isspace(ending) | ending == '}' | ending == ']');
    ending = ending(find([true, isInside], 1, 'last'):end);
end

function [labels, between] = firstRecord(record, blanks)
    % LABELS are all that is before a number, from the name on, and BETWEEN is what is between the
    % members. No labels where a name has a backslash, a value is no plain number, or more than 31
    % are there, for marks are control characters.
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
    % TEXT begins with the first record's first number and ends with the last record's last. The
    % first of the SEPARATORS is between records, the others are within them.
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
