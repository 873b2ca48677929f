function [names, columns] = matchPredictors(names, columns, predictors)
%MATCHPREDICTORS  Give the columns of a request the names and types of the model's predictors.
%   [NAMES, COLUMNS] = matchPredictors(NAMES, COLUMNS, PREDICTORS): a column gets the name of a
%   predictor if that is its valid name and no other column has it: flow_stats_Data_Mean for
%   flow_stats/Data_Mean, because readtable has changed the names of the training data in this way.
%   Logical values, and text that is only numbers, become numbers if the predictor is numeric.
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
