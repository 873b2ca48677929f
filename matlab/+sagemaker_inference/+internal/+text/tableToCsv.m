function text = tableToCsv(T, delimiter, hasHeader)
%TABLETOCSV  A table as delimited text (RFC 4180): a header line, one line per row, LF line ends.
%   TEXT = tableToCsv(T, DELIMITER, HASHEADER): numbers are the shortest text that gives the same
%   double, missing ones NaN. Logical values are true and false. Text is quoted if it has a
%   separator, a quote or a line end, and if it would be read as numbers. A variable with several
%   columns becomes name_1, name_2, ...
    if nargin < 2
        delimiter = ',';
    end
    [names, columns] = flatColumns(T);
    text = '';
    if nargin < 3 || hasHeader
        names = quotedWhere(names(:), isSpecial(names(:), delimiter) | isPadded(names(:)));
        text = [strjoin(names', delimiter), newline];
    end
    if height(T) > 0
        text = [text, rowsOf(columns, delimiter)];
    end
end

function text = rowsOf(columns, delimiter)
    % Whether any text must be quoted is found in the whole text: this takes a fifth of the time.
    count = numel(columns);
    values = cellfun(@sagemaker_inference.internal.text.plainColumn, columns, ...
                     'UniformOutput', false);
    needs = cellfun(@isReadAsNumbers, values, 'UniformOutput', false);
    if count == 1 && iscell(values{1})  % an empty line would be skipped
        needs{1} = needs{1} | cellfun('isempty', values{1});
    end
    text = joined(values, needs, delimiter);
    rows = size(values{1}, 1);
    if any(text == '"' | text == sprintf('\r')) || sum(text == newline) ~= rows || ...
            sum(text == delimiter) ~= rows * (count - 1)
        for k = find(cellfun('isclass', values, 'cell'))
            needs{k} = needs{k} | isSpecial(values{k}, delimiter);
        end
        text = joined(values, needs, delimiter);
    end
end

function text = joined(values, needs, delimiter)
    parts = repmat({delimiter}, 2, numel(values));
    parts{2, end} = newline;
    for k = 1:numel(values)
        parts{1, k} = fieldsOf(values{k}, needs{k});
    end
    text = sagemaker_inference.internal.text.joinRows(parts(:)', size(values{1}, 1));
end

function fields = fieldsOf(values, needs)
    % A part for joinRows. Texts are quoted where NEEDS is true.
    if isnumeric(values)
        fields = sagemaker_inference.internal.text.numberChars(values);
    elseif islogical(values)
        words = {'false'; 'true'};
        fields = words(values + 1);
    else
        fields = quotedWhere(values, needs);
    end
end

function [flatNames, columns] = flatColumns(T)
    % The table as columns of width one, and their names.
    names = T.Properties.VariableNames;
    flatNames = cell(1, numel(names));
    columns = cell(1, numel(names));
    for k = 1:numel(names)
        value = T.(names{k});
        wide = size(value, 2);
        flatNames{k} = names(k);
        columns{k} = {value};
        if wide ~= 1
            flatNames{k} = arrayfun(@(j) sprintf('%s_%d', names{k}, j), 1:wide, ...
                                    'UniformOutput', false);
            columns{k} = arrayfun(@(j) value(:, j), 1:wide, 'UniformOutput', false);
        end
    end
    flatNames = [{}, flatNames{:}];
    columns = [{}, columns{:}];
end

function tf = isReadAsNumbers(fields)
    % Whether text would be read as numbers. One word is enough to make a column text.
    tf = iscell(fields) && ( isempty(strtrim(fields{1})) || ...
                            strcmpi(strtrim(fields{1}), 'nan') || ~isnan(str2double(fields{1})));
    tf = tf && ~iscell(sagemaker_inference.internal.text.typedColumn(fields));
end

function tf = isSpecial(texts, delimiter)
    % Which texts must be quoted in any column.
    tf = false(size(texts));
    text = [texts{:}];
    if any(text == '"' | text == delimiter | text == newline | text == sprintf('\r'))
        tf = ~cellfun('isempty', regexp(texts, ['["\r\n' delimiter ']'], 'once'));
    end
end

function tf = isPadded(texts)
    tf = ~strcmp(texts, strtrim(texts));
end

function texts = quotedWhere(texts, needs)
    if isscalar(needs)
        needs = repmat(needs, size(texts));
    end
    if any(needs)
        texts(needs) = strcat('"', regexprep(texts(needs), '"', '""'), '"');
    end
end
