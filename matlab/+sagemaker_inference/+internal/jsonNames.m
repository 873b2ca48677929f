function names = jsonNames(text, hasInstances)
%JSONNAMES  Names of the first record of JSON text, in their order (1 x n cell).
%   NAMES = jsonNames(TEXT, HASINSTANCES) keeps the spelling, which jsondecode changes. If
%   HASINSTANCES, the records are in the member "instances".
    if hasInstances
        text = text(regexp(text, '"instances"\s*:', 'end', 'once') + 1:end);
    end
    record = firstRecord(text(find(text == '{', 1):end));
    quotes = find(sagemaker_inference.internal.jsonQuotes(record));
    starts = quotes(1:2:end);
    stops = quotes(2:2:end);
    isName = record(stops + 1) == ':';
    names = arrayfun(@(a, b) record(a + 1:b - 1), starts(isName), stops(isName), ...
                     'UniformOutput', false);
    for k = find(~cellfun('isempty', strfind(names, '\')))
        names{k} = jsondecode(['"' names{k} '"']);
    end
end

function record = firstRecord(text)
    % Text up to the first closing brace outside of quotes, without blanks outside of quotes.
    window = 0;
    stop = [];
    while isempty(stop) && window < numel(text)
        window = min(numel(text), 2 * window + 4096);
        record = text(1:window);
        outside = mod(cumsum(sagemaker_inference.internal.jsonQuotes(record)), 2) == 0;
        stop = find(outside & record == '}', 1);
    end
    record = record(1:stop);
    record(outside(1:stop) & isspace(record)) = [];
end
