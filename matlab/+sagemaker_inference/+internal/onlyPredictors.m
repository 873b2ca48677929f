function T = onlyPredictors(T, predictors)
%ONLYPREDICTORS  The columns of a table that the model needs, in its order.
%   T stays as it is if it is not a table, or if the model names no predictors. Raises
%   sagemaker_inference:decode:body if a column is missing.
    if ~istable(T) || isempty(predictors.Names) || ...
            isequal(T.Properties.VariableNames, predictors.Names)
        return
    end
    sagemaker_inference.internal.requirePredictors(T, predictors);
    T = T(:, predictors.Names);
end
