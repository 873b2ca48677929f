function text = jsonRenamed(text)
%JSONRENAMED  JSON text with all names except "instances" replaced by x1, x2, ...
%   It is for names that jsondecode would change to the same valid name.
    outside = mod(cumsum(sagemaker_inference.internal.jsonQuotes(text)), 2) == 0;
    text(outside & isspace(text)) = [];
    quotes = find(sagemaker_inference.internal.jsonQuotes(text));
    starts = quotes(1:2:end);
    stops = quotes(2:2:end);
    isName = text(stops + 1) == ':';
    starts = starts(isName);
    stops = stops(isName);
    names = arrayfun(@(a, b) text(a + 1:b - 1), starts, stops, 'UniformOutput', false);
    [unique_, ~, which] = unique(names);
    short = arrayfun(@(k) sprintf('x%d', k), 1:numel(unique_), 'UniformOutput', false);
    short(strcmp(unique_, 'instances')) = {'instances'};
    between = arrayfun(@(a, b) text(a:b), [1, stops], [starts, numel(text)], ...
                       'UniformOutput', false);
    pieces = [between; short(which(:)'), {''}];
    text = [pieces{:}];
end
