function predictors = predictorsOf(model)
%PREDICTORSOF  What a model says of the columns that it needs.
%   Names    - 1 x n cell: its PredictorNames, or the RequiredVariables of the struct that
%              Classification Learner and Regression Learner export. Empty for any other model.
%   IsNumber - 1 x n logical: those that are numbers, all but its CategoricalPredictors; 1 x 0
%              where it does not say it.
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
