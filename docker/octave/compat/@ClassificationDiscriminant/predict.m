function [label, score, cost] = predict(obj, data)
%PREDICT  Labels, posterior probabilities and expected costs (rows x classes) for a table or matrix.
%   A row with a missing value has no probabilities (NaN), and the most frequent class.
    model = struct(obj);
    X = octave_compat.predictorMatrix(data, model.PredictorNames);
    count = numel(model.Prior);
    logs = zeros(size(X, 1), count);
    for k = 1:count
        centred = X - model.Mu(k, :);
        logs(:, k) = log(model.Prior(k)) - sum((centred / model.Sigma) .* centred, 2) / 2;
    end
    score = exp(logs - max(logs, [], 2));
    score = score ./ sum(score, 2);
    cost = score * model.Cost;
    [~, best] = max(score, [], 2);
    [~, frequent] = max(model.Prior);
    best(any(isnan(score), 2)) = frequent;
    label = model.ClassNames(best, 1);
end
