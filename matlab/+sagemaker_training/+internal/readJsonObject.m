function [names, values] = readJsonObject(file)
%READJSONOBJECT  Names and values of a JSON object in a file, in order, as 1 x n cells.
%   [NAMES, VALUES] = readJsonObject(FILE) keeps the spelling of names, which jsondecode would
%   change. Raises sagemaker_training:config:missing and sagemaker_training:config:format.
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
              ['%s does not exist. SageMaker writes it when it starts a training job. Outside ' ...
               'of a job, set SAGEMAKER_BASE_DIR to a folder that has input/config.'], file);
    end
    text = fileread(file);
end

function [names, texts] = splitJsonObject(text, file)
    % Names (decoded) and values (still JSON text) of an object.
    decodeJson(text, file);
    text = strtrim(text);
    if isempty(text) || text(1) ~= '{'
        error('sagemaker_training:config:format', ...
              '%s is not a JSON object. Write it as {"name": value, ...}.', file);
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
        error('sagemaker_training:config:format', '%s is not valid JSON (%s). Correct it.', ...
              file, err.message);
    end
end
