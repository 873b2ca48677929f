function [names, values] = readJsonObject(file)
%READJSONOBJECT  The members of a JSON object in a file, in order, as 1 x n cells.
%   Names are spelt as in the file, which jsondecode would not do. Raises
%   sagemaker_training:config:missing and sagemaker_training:config:format.
    text = sagemaker_training.internal.readText(file);
    [names, texts] = sagemaker_training.internal.splitJsonObject(text, file);
    values = cell(size(texts));
    for k = 1:numel(texts)
        values{k} = sagemaker_training.internal.decodeJson(texts{k}, file);
    end
end
