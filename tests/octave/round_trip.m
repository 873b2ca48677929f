function round_trip()
% round_trip - Encode and decode tables from standard input until it ends.
%
%   A frame is 8 hex digits of length and JSON: {"columns": [{"name", "kind", "values"}, ...]}, with
%   names and texts as hex of UTF-8, numbers as hex of their doubles. The answer is one line of
%   JSON: csv and json, the table as the handler encodes it (hex), and failures, a list of texts.
    handler = sagemaker_inference.DefaultInferenceHandler();
    head = fread(stdin, [1, 8], 'uint8=>char');
    while numel(head) == 8
        T = tableOf(jsondecode(fread(stdin, [1, hex2dec(head)], 'uint8=>char')));
        answer = struct('csv', '', 'json', '', 'failures', {{}});
        try
            csv = handler.encode_output(T, 'text/csv');
            json = handler.encode_output(T, 'application/json');
            answer.csv = sprintf('%02x', uint8(csv));
            answer.json = sprintf('%02x', uint8(json));
            failures = differences('csv', handler.decode_input(csv, 'text/csv'), asCsv(T));
            if height(T) > 0  % JSON without records has no columns
                decoded = handler.decode_input(json, 'application/json');
                failures = [failures, differences('json', decoded, asJson(T))];
            end
        catch err
            failures = {sprintf('%s: %s', err.identifier, err.message)};
        end
        answer.failures = [failures, {''}];
        fprintf('%s\n', jsonencode(answer));
        fflush(stdout);
        head = fread(stdin, [1, 8], 'uint8=>char');
    end
end

function T = tableOf(spec)
    columns = cell(1, numel(spec.columns));
    names = columns;
    for k = 1:numel(columns)
        names{k} = textOf(spec.columns(k).name);
        values = spec.columns(k).values;
        if isempty(values)
            values = cell(0, 1);
        end
        switch spec.columns(k).kind
            case 'number'
                columns{k} = zeros(numel(values), 1);
                columns{k}(:) = hex2num(char(values));
            case 'logical'
                columns{k} = strcmp(values(:), '1');
            otherwise
                columns{k} = cellfun(@textOf, values(:), 'UniformOutput', false);
        end
    end
    T = table(columns{:}, 'VariableNames', names);
end

function text = textOf(hex)
    text = char(hex2dec(reshape(hex, 2, [])')');
    if isempty(hex)
        text = '';
    end
end

function T = asCsv(T)
    % Logical values are text there.
    words = {'false'; 'true'};
    for name = T.Properties.VariableNames
        if islogical(T.(name{1}))
            T.(name{1}) = words(T.(name{1}) + 1);
        end
    end
end

function T = asJson(T)
    % Infinity is null there.
    for name = T.Properties.VariableNames
        if isnumeric(T.(name{1}))
            values = T.(name{1});
            values(isinf(values)) = NaN;
            T.(name{1}) = values;
        end
    end
end

function found = differences(kind, actual, expected)
    found = {};
    names = expected.Properties.VariableNames;
    if ~isequal(actual.Properties.VariableNames, names)
        found = {[kind ' names: ' strjoin(actual.Properties.VariableNames, ' | ')]};
        return
    end
    for k = 1:numel(names)
        a = actual.(names{k});
        b = expected.(names{k});
        if isempty(b)  % without rows, CSV has no types
            same = isempty(a);
        elseif iscell(b)
            same = iscell(a) && isequal(size(a), size(b)) && all(strcmp(a, b));
        else
            same = strcmp(class(a), class(b)) && isequaln(a, b) && isequal(1 ./ a(a == 0), 1 ./ b(b == 0));
        end
        if ~same
            found{end + 1} = sprintf('%s: column %d', kind, k);
        end
    end
end
