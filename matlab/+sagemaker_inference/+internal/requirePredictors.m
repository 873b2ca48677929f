function requirePredictors(inputData, predictors, err, className)
%REQUIREPREDICTORS  Raise sagemaker_inference:decode:body if a request does not fit the model.
%   That is, if predictors are missing, or are text but must be numbers. A model that names no
%   predictors accepts any table.
%   After an error ERR in the handler CLASSNAME: if the handler's own code, or reading a table,
%   raised it, missing predictors are reported only if its message quotes one of them.
    if ~istable(inputData)
        return
    end
    names = inputData.Properties.VariableNames;
    missing = predictors.Names(~ismember(predictors.Names, names));
    if nargin > 2 && isOwn(err, className) && ~namesOne(err.message, missing)
        missing = {};
    end
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

function tf = namesOne(message, names)
    tf = any(cellfun(@(name) ~isempty(strfind(message, ['''' name ''''])), names));
end

function tf = isOwn(err, className)
    % Whether a line of the handler's code raised the error, itself or by reading a table.
    folder = [sagemaker_inference.internal.codeFolder(className) filesep()];
    tf = strncmp(err.identifier, 'MATLAB:table:', 13) || numel(folder) > 1 && ...
        ~isempty(err.stack) && strncmp(err.stack(1).file, folder, numel(folder));
end
