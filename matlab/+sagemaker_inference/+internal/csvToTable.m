function T = csvToTable(text, header, predictors, delimiter)
%CSVTOTABLE  Delimited text of a request as a table; names stay as they are.
%   T = csvToTable(TEXT, HEADER, PREDICTORS, DELIMITER): HEADER is 'present', 'absent', or '' to
%   find out. The first line is then data if it has as many fields as the model has predictors, none
%   of them is the name of a predictor, and the numeric ones are numbers (one of them, if the model
%   does not say which are numeric). Without a header line, the columns are PREDICTORS
%   (sagemaker_inference.internal.predictorsOf) in their order. DELIMITER is the character between
%   fields. Default: a comma.
%   Raises sagemaker_inference:decode:body.
    if nargin < 4
        delimiter = ',';
    end
    start = regexp(text, '\S', 'once');
    if isempty(start)
        refuse('The body is empty. Send a header line and at least one row.');
    end
    stop = find([text(start:end), newline] == newline, 1);
    count = 1 + sum(text(start:start + stop - 2) == delimiter);
    sagemaker_inference.internal.requireFewColumns(count);
    isHeader = @(fields) strcmp(header, 'present') || ...
               isempty(header) && ~isData(fields, predictors);
    try
        [names, columns] = sagemaker_inference.internal.text.csvColumns(text, delimiter, isHeader);
    catch err
        refuse(['Cannot read the body as delimited text: ' err.message]);
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
    % Names of columns without a header line: those of the predictors.
    if isempty(names)
        names = numbered(1:count);
    elseif numel(names) ~= count
        refuse(sprintf(['The body has %d columns and no header line. Add one, or send the ' ...
                        '%d predictors of the model in their order: %s.'], count, numel(names), ...
                       sagemaker_inference.internal.listed(names)));
    end
end

function names = numbered(numbers)
    % Names as readtable gives them to columns without a name.
    names = arrayfun(@(k) sprintf('Var%d', k), numbers, 'UniformOutput', false);
end

function refuse(message)
    error('sagemaker_inference:decode:body', '%s', message);
end
