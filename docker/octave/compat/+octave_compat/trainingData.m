function [X, labels, names] = trainingData(predictors, response)
%TRAININGDATA  Predictor matrix (rows x predictors), labels (rows x 1) and the names of both.
%   NAMES has fields Predictors (1 x predictors cell) and Response (char). Raises
%   octave_compat:fitctree:predictors for text predictors, :size for unequal heights.
    names = struct('Predictors', {{}}, 'Response', 'Y');
    if istable(predictors)
        [predictors, labels, names] = splitTable(predictors, response, names);
        X = numericPredictors(predictors);
    else
        X = double(predictors);
        labels = response;
        names.Predictors = arrayfun(@(k) sprintf('x%d', k), 1:size(X, 2), 'UniformOutput', false);
    end
    if ischar(labels)
        labels = cellstr(labels);
    end
    labels = labels(:);
    if numel(labels) ~= size(X, 1)
        error('octave_compat:fitctree:size', 'There are %d labels for %d observations.', ...
              numel(labels), size(X, 1));
    end
end

function [predictors, labels, names] = splitTable(predictors, response, names)
    labels = response;
    if ischar(response) && size(response, 1) == 1
        labels = predictors.(response);
        names.Response = response;
        predictors.(response) = [];
    end
    names.Predictors = predictors.Properties.VariableNames;
end

function X = numericPredictors(predictors)
    names = predictors.Properties.VariableNames;
    text = cellfun(@(n) iscell(predictors.(n)), names);
    if any(text)
        error('octave_compat:fitctree:predictors', ...
              'The predictors %s are text; the Octave engine takes numeric predictors only.', ...
              strjoin(names(text), ', '));
    end
    X = double(predictors{:, :});
end
