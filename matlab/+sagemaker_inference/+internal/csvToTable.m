function T = csvToTable(text, header, predictors, delimiter)
%CSVTOTABLE  The delimited text of a request as a table, with the names as they are.
%   HEADER is 'present', 'absent', or '' where the first line says it: it is data where it has as
%   many fields as the model has predictors, none is a predictor's name, and those are numbers that
%   have to be (one of them, where the model does not say which). Without header the columns are
%   PREDICTORS (sagemaker_inference.internal.predictorsOf) in the model's order.
%   DELIMITER is the character between two fields, a comma where it is not given.
%   Raises sagemaker_inference:decode:body.
    if nargin < 4
        delimiter = ',';
    end
    start = regexp(text, '\S', 'once');
    if isempty(start)
        refuse('The body is empty. Send a header line and rows.');
    end
    stop = find([text(start:end), newline] == newline, 1);
    count = 1 + sum(text(start:start + stop - 2) == delimiter);
    sagemaker_inference.internal.requireFewColumns(count);
    isHeader = @(fields) strcmp(header, 'present') || ...
               isempty(header) && ~isData(fields, predictors);
    try
        [names, columns] = sagemaker_inference.internal.text.csvColumns(text, delimiter, isHeader);
    catch err
        refuse(['The body is not delimited text: ' err.message]);
    end
    count = numel(columns);
    if isempty(names)
        names = namesWithout(count, predictors.Names);
    else
        blank = find(cellfun('isempty', names));
        names(blank) = numbered(blank);
    end
    sagemaker_inference.internal.requireNames(names);
    [names, columns] = sagemaker_inference.internal.matchPredictors(names, columns, predictors);
    T = table(columns{:}, 'VariableNames', names);
end

function tf = isData(fields, predictors)
    tf = numel(fields) == numel(predictors.Names) && ...
         ~any(strcmp(fields{1}, predictors.Names)) && ~any(ismember(fields, predictors.Names));
    if tf
        isNumber = ~isnan(str2double(fields)) | ismember(lower(fields), {'', 'nan'});
        if isempty(predictors.IsNumber)
            tf = any(isNumber);
        else
            tf = all(isNumber(predictors.IsNumber));
        end
    end
end

function names = namesWithout(count, names)
    % Of columns that have no header: the predictors'.
    if isempty(names)
        names = numbered(1:count);
    elseif numel(names) ~= count
        refuse(sprintf(['The body has no header line and %d columns; without one it needs the ' ...
                        'model''s %d predictors in their order: %s.'], count, numel(names), ...
                       sagemaker_inference.internal.listed(names)));
    end
end

function names = numbered(numbers)
    % As readtable names what has no name.
    names = arrayfun(@(k) sprintf('Var%d', k), numbers, 'UniformOutput', false);
end

function refuse(message)
    error('sagemaker_inference:decode:body', '%s', message);
end
