classdef DiscriminantInferenceHandler < sagemaker_inference.DefaultInferenceHandler
%DISCRIMINANTINFERENCEHANDLER  Predict the species of flowers and its probability.
%   The model is the struct that trainAtTheDesk saves.

    methods
        function prediction = predict(obj, inputData, model)
        %PREDICT  A table with species and probability for each row of the table inputData.
            probability = posterior(inputData{:, model.PredictorNames}, model);
            [highest, at] = max(probability, [], 2);
            species = reshape(model.ClassNames(at), [], 1);
            prediction = table(species, highest, 'VariableNames', ...
                               {model.ResponseName, 'probability'});
        end
    end
end

function probability = posterior(X, model)
    % Rows x classes: Bayes' rule for normal classes with a common covariance.
    weights = model.Sigma \ model.Mu';
    constants = log(model.Prior) - sum(model.Mu' .* weights, 1) / 2;
    score = X * weights + constants;
    share = exp(score - max(score, [], 2));
    probability = share ./ sum(share, 2);
end
