function requirePredictors(inputData, predictors)
%REQUIREPREDICTORS  Raise sagemaker_inference:decode:body where the model's predictors are missing.
%   Or are text and have to be numbers. Of a model that names none, nothing is refused.
    if ~istable(inputData)
        return
    end
    names = inputData.Properties.VariableNames;
    missing = predictors.Names(~ismember(predictors.Names, names));
    if ~isempty(missing)
        error('sagemaker_inference:decode:body', ...
              'The request lacks the columns %s of the model. It has %s.', ...
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
                  'The column "%s" has to be numbers; its row %d is ''%s''.', names{k}, row, ...
                  column{row}(1:min(end, 50)));
        end
    end
end
