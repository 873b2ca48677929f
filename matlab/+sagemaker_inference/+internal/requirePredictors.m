function requirePredictors(inputData, predictors)
%REQUIREPREDICTORS  Raise sagemaker_inference:decode:body if a request does not fit the model.
%   That is, if predictors are missing, or are text but must be numbers. A model that names no
%   predictors accepts any table.
    if ~istable(inputData)
        return
    end
    names = inputData.Properties.VariableNames;
    missing = predictors.Names(~ismember(predictors.Names, names));
    if ~isempty(missing)
        error('sagemaker_inference:decode:body', ...
              ['The request does not have the columns %s, which the model needs. It has %s. ' ...
               'Add the missing ones.'], ...
              sagemaker_inference.internal.listed(missing), ...
              sagemaker_inference.internal.listed(names));
    end
    for k = find(ismember(names, predictors.Names(predictors.IsNumber)))
        column = inputData.(names{k});
        if iscell(column)
            row = find(isnan(str2double(column)), 1);
            if isempty(row)
                row = 1;
            end
            error('sagemaker_inference:decode:body', ...
                  'The column "%s" must have numbers, but its row %d is ''%s''.', names{k}, row, ...
                  column{row}(1:min(end, 50)));
        end
    end
end
