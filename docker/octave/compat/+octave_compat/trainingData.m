function [X, labels, names] = trainingData(predictors, response)
%TRAININGDATA  Predictors and response, from the arguments of a fit function.
%   RESPONSE is the labels (rows x 1), a table of one variable, or a variable's name in the table
%   PREDICTORS. X is rows x predictors, LABELS rows x 1, NAMES a struct with Predictors (1 x n cell)
%   and Response. Raises octave_compat:fit:predictors or :size.
    names = struct('Predictors', {{}}, 'Response', 'Y');
    if istable(response)
        if width(response) ~= 1
            error('octave_compat:fit:response', ...
                  'The response is a table with %d variables: %s. Use only one.', ...
                  width(response), strjoin(response.Properties.VariableNames, ', '));
        end
        names.Response = response.Properties.VariableNames{1};
        response = response.(names.Response);
    elseif istable(predictors) && ischar(response) && size(response, 1) == 1
        names.Response = response;
        response = predictors.(names.Response);
        predictors.(names.Response) = [];
    end
    labels = response;
    if ischar(labels)
        labels = cellstr(labels);
    end
    labels = labels(:);
    if istable(predictors)
        names.Predictors = predictors.Properties.VariableNames;
        X = numericPredictors(predictors);
    else
        X = double(predictors);
        names.Predictors = arrayfun(@(k) sprintf('x%d', k), 1:size(X, 2), 'UniformOutput', false);
    end
    if numel(labels) ~= size(X, 1)
        error('octave_compat:fit:size', 'There are %d labels for %d observations.', ...
              numel(labels), size(X, 1));
    end
    [X, labels] = labelled(X, labels);
end

function X = numericPredictors(predictors)
    names = predictors.Properties.VariableNames;
    text = cellfun(@(n) iscell(predictors.(n)), names);
    if any(text)
        error('octave_compat:fit:predictors', ...
              'The predictors %s are text; the Octave engine takes only numeric predictors.', ...
              strjoin(names(text), ', '));
    end
    X = double(predictors{:, :});
end

function [X, labels] = labelled(X, labels)
    % Only the observations that have a label.
    if iscell(labels)
        missing = cellfun('isempty', labels);
    else
        missing = isnan(labels);
    end
    X = X(~missing, :);
    labels = labels(~missing, :);
    if isempty(labels)
        error('octave_compat:fit:noData', 'No observation has a label: there is nothing to fit.');
    end
end
