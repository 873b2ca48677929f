function predictors = predictorsOf(model)
%PREDICTORSOF  The columns that a model needs, as far as the model says.
%   PREDICTORS = predictorsOf(MODEL) is a struct:
%   Names    - 1 x n cell: PredictorNames, or RequiredVariables of the struct that Classification
%              Learner and Regression Learner export. {} for any other model.
%   IsNumber - 1 x n logical: which are numeric, that is, not among CategoricalPredictors. 1 x 0 if
%              the model does not say.
    predictors = struct('Names', {{}}, 'IsNumber', false(1, 0));
    try
        if isstruct(model) && isfield(model, 'RequiredVariables')
            names = cellstr(model.RequiredVariables);
        else
            names = cellstr(model.PredictorNames);
        end
    catch
        return
    end
    predictors.Names = names(:)';
    try
        isNumber = true(1, numel(names));
        isNumber(model.CategoricalPredictors) = false;
        predictors.IsNumber = isNumber;
    catch
        return
    end
end
