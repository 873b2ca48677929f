function [T, hasInstances] = jsonToTable(text, predictors)
%JSONTOTABLE  JSON records as a table: [{...}, ...], {...} or {"instances": [{...}, ...]}.
%   [T, HASINSTANCES] = jsonToTable(TEXT, PREDICTORS): names stay as they are, except for those that
%   matchPredictors changes. null is NaN in a numeric column and '' in a text column. HASINSTANCES
%   is true for the last form.
%   Raises sagemaker_inference:decode:body.
    [names, columns, hasInstances] = sagemaker_inference.internal.jsonNumberRecords(text);
    if isempty(names)
        [names, columns, hasInstances] = anyRecords(text);
    else
        sagemaker_inference.internal.requireNames(names);
    end
    [names, columns] = sagemaker_inference.internal.matchPredictors(names, columns, predictors);
    T = table(columns{:}, 'VariableNames', names);
end

function [names, columns, hasInstances] = anyRecords(text)
    requireFlat(text);
    [records, hasInstances] = decoded(text);
    names = sagemaker_inference.internal.jsonNames(text, hasInstances);
    sagemaker_inference.internal.requireFewColumns(numel(names));
    sagemaker_inference.internal.requireNames(names);
    if numel(names) ~= numel(fieldnames(records))
        text = sagemaker_inference.internal.jsonRenamed(text);
        records = decoded(text);
    end
    columns = recordColumns(records, names);
    quoted = sagemaker_inference.internal.jsonQuoted(text);
    if ~isempty(quoted)
        columns = exactColumns(columns, decoded(quoted));
    end
end

function [records, hasInstances] = decoded(text)
    % The records as a struct array. jsondecode returns a cell array if their members are in a
    % different order.
    try
        records = jsondecode(text);
    catch err
        error('sagemaker_inference:decode:body', 'The body is not valid JSON: %s.', err.message);
    end
    hasInstances = isstruct(records) && isscalar(records) && isfield(records, 'instances');
    if hasInstances
        records = records.instances;
    end
    wanted = 'Send records that have the same members, such as [{"x": 1}, {"x": 2}].';
    if iscell(records) && ~isempty(records) && all(cellfun(@isstruct, records))
        first = records{1};
        for k = 2:numel(records)
            if ~isequal(sort(fieldnames(records{k})), sort(fieldnames(first)))
                error('sagemaker_inference:decode:body', ...
                      'Record %d has other members than the first. %s', k, wanted);
            end
        end
        records = vertcat(records{:});
    end
    if ~isstruct(records) || isempty(fieldnames(records))
        error('sagemaker_inference:decode:body', 'The body has no records. %s', wanted);
    end
end

function requireFlat(text)
    % Thousands of nested brackets overflow the stack of the decoder.
    isQuote = sagemaker_inference.internal.jsonQuotes(text);
    marks = text(isQuote | text == '[' | text == '{' | text == ']' | text == '}');
    isOpening = marks == '[' | marks == '{';
    isOutside = mod(cumsum(marks == '"'), 2) == 0;
    if max([0, cumsum(isOutside .* (2 * isOpening - (marks ~= '"')))]) > 64
        error('sagemaker_inference:decode:body', ...
              'The body is nested more than 64 levels deep. Send an array of records.');
    end
    % Octave's decoder cuts a text at the first NUL.
    at = strfind(text, '\u0000');
    last = 1:numel(text) * ~isempty(at);
    last(text(1:numel(last)) == '\') = 0;
    last = cummax([0, last]);  % last character before each that is not a backslash
    if any(mod(at - 1 - last(at), 2) == 0)
        error('sagemaker_inference:decode:body', ...
              'The body has the character \\u0000 in a text. Send it without.');
    end
end

function columns = recordColumns(records, names)
    fields = fieldnames(records);
    columns = cell(1, numel(fields));
    for k = 1:numel(fields)
        columns{k} = recordColumn({records.(fields{k})}, names{min(k, end)});
    end
end

function columns = exactColumns(columns, records)
    % Read each number again, from records that have their numbers as text.
    fields = fieldnames(records);
    for k = find(cellfun('isclass', columns, 'double'))
        texts = {records.(fields{k})};
        isNumber = cellfun('isclass', texts, 'char');
        columns{k}(isNumber) = sscanf(sprintf('%s ', texts{isNumber}), '%f');
    end
end

function column = recordColumn(values, name)
    % One member of all records: numbers (null: NaN), true and false, or text (null: ''). cellfun is
    % a hundred times faster with a function's name than with a handle.
    isScalar = cellfun('prodofsize', values) == 1;
    isNumber = isScalar & cellfun('isclass', values, 'double');
    if all(isNumber)
        column = vertcat(values{:});
        return
    end
    isLogical = isScalar & cellfun('isclass', values, 'logical');
    if all(isLogical)
        column = vertcat(values{:});
        return
    end
    missing = cellfun('isempty', values);
    isText = cellfun('isclass', values, 'char');
    if all(isNumber | isLogical | missing & ~isText)
        values(missing) = {NaN};
        values(isLogical) = cellfun(@double, values(isLogical), 'UniformOutput', false);
        column = vertcat(values{:});
    elseif all(isText | missing)
        values(missing) = {''};
        column = values(:);
    elseif ~all(isNumber | isLogical | isText | missing)
        error('sagemaker_inference:decode:body', ...
              ['The member "%s" must have one value for each record: a number or a text. ' ...
               'Send a list of records.'], name);
    else
        error('sagemaker_inference:decode:body', ...
              ['The member "%s" must be a number in every record, or text in every record. ' ...
               'Send only one of them.'], name);
    end
end
