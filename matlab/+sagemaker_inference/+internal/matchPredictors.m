function [names, columns] = matchPredictors(names, columns, predictors)
%MATCHPREDICTORS  A request's columns with names and types that the model's predictors have.
%   A column whose valid name (flow_stats_Data_Mean of flow_stats/Data_Mean) is a predictor gets
%   that name, for readtable has made it of the training data's, where no column has it already.
%   Text that is numbers throughout, and logical values, become numbers where the model has them.
    if ~isequal(names, predictors.Names)
        names = renamed(names, predictors.Names);
    end
    for k = find(~cellfun('isclass', columns, 'double'))
        if any(strcmp(names{k}, predictors.Names(predictors.IsNumber)))
            columns{k} = asNumbers(columns{k});
        end
    end
end

function names = renamed(names, wanted)
    missing = find(~ismember(wanted, names));
    if ~isempty(missing)
        others = find(~ismember(names, wanted));
        valid = matlab.lang.makeValidName(names(others));
        for k = missing
            at = find(strcmp(valid, wanted{k}), 1);
            if ~isempty(at)
                names{others(at)} = wanted{k};
            end
        end
    end
end

function column = asNumbers(column)
    if islogical(column)
        column = double(column);
    elseif iscell(column)
        numbers = str2double(column);
        isMissing = cellfun('isempty', strtrim(column)) | strcmpi(strtrim(column), 'nan');
        if isreal(numbers) && all(~isnan(numbers) | isMissing) && ~any([column{:}] == ',')
            column = numbers;
        end
    end
end
