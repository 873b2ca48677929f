function T = onlyPredictors(T, predictors)
%ONLYPREDICTORS  The columns of a table that a model needs, in its order; of other data, all.
%   Raises sagemaker_inference:decode:body where one is missing.
    if ~istable(T) || isempty(predictors.Names) || ...
            isequal(T.Properties.VariableNames, predictors.Names)
        return
    end
    sagemaker_inference.internal.requirePredictors(T, predictors);
    T = T(:, predictors.Names);
end
