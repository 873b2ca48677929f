function [names, texts] = splitJsonObject(text, file)
%SPLITJSONOBJECT  Names (decoded) and texts (still JSON) of an object's members, as 1 x n cells.
%   Raises sagemaker_training:config:format where TEXT is not one JSON object.
    sagemaker_training.internal.decodeJson(text, file);
    text = strtrim(text);
    if isempty(text) || text(1) ~= '{'
        error('sagemaker_training:config:format', '%s does not hold a JSON object { ... }.', file);
    end
    marks = structure(text);
    depth = cumsum(ismember(marks, '{[')) - cumsum(ismember(marks, '}]'));
    commas = find(depth == 1 & marks == ',');
    colons = find(depth == 1 & marks == ':');
    ends = [commas, numel(text)];
    starts = [2, commas + 1];
    names = cell(1, numel(colons));
    texts = names;
    for k = 1:numel(colons)
        names{k} = jsondecode(strtrim(text(starts(k):colons(k) - 1)));
        texts{k} = strtrim(text(colons(k) + 1:ends(k) - 1));
    end
end

function marks = structure(text)
    marks = text;
    [first, last] = regexp(text, '"(?:[^"\\]|\\.)*"');
    for k = 1:numel(first)
        marks(first(k):last(k)) = ' ';
    end
end
