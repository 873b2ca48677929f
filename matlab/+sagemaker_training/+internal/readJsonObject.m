function [names, values] = readJsonObject(file)
%READJSONOBJECT  The members of a JSON object in a file, in order, as 1 x n cells.
%   Names are spelt as in the file, which jsondecode would not do. Raises
%   sagemaker_training:config:missing and sagemaker_training:config:format.
    text = readText(file);
    [names, texts] = splitJsonObject(text, file);
    values = cell(size(texts));
    for k = 1:numel(texts)
        values{k} = decodeJson(texts{k}, file);
    end
end

function text = readText(file)
    if exist(file, 'file') ~= 2
        error('sagemaker_training:config:missing', ...
              ['%s does not exist. SageMaker writes it when it starts a training job; set ' ...
               'SAGEMAKER_BASE_DIR to the folder that has input/config.'], file);
    end
    text = fileread(file);
end

function [names, texts] = splitJsonObject(text, file)
    % Names (decoded) and texts (still JSON) of an object's members.
    decodeJson(text, file);
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

function value = decodeJson(text, file)
    try
        value = jsondecode(text);
    catch err
        error('sagemaker_training:config:format', '%s is not JSON (%s). Write it again.', file, ...
              err.message);
    end
end
