function T = asTable(prediction)
%ASTABLE  A prediction as a table; an array becomes its variable prediction.
%   Each value of a table must be one number or one text: other values would run into their
%   neighbours in the answer. Raises sagemaker_inference:encode:prediction.
    T = prediction;
    if ~istable(prediction)
        if ischar(prediction)
            prediction = cellstr(prediction);
        end
        requireValues(prediction, 'prediction');
        T = table(prediction, 'VariableNames', {'prediction'});
        return
    end
    names = T.Properties.VariableNames;
    for k = 1:numel(names)
        requireValues(T.(names{k}), names{k});
    end
end

function requireValues(column, name)
    if iscell(column)
        isText = cellfun('isclass', column, 'char');
        lines = cellfun('size', column, 1);
        isValue = isText & lines <= 1 & cellfun('ndims', column) == 2;
        for k = find(~isValue(:) & ~isText(:))'
            isValue(k) = isOneValue(column{k});
        end
        at = find(~isValue, 1);
        if ~isempty(at)
            refuse(name, sprintf('%s in its row %d', described(column{at}), ...
                                 mod(at - 1, size(column, 1)) + 1));
        end
    elseif ~isArray(column)
        refuse(name, described(column));
    end
end

function tf = isOneValue(value)
    tf = isscalar(value) && ~iscell(value) && isArray(value);
end

function tf = isArray(value)
    % Rows and columns of real numbers, or of a class that MATLAB can write as text.
    isNumber = (isnumeric(value) || islogical(value)) && isreal(value);
    texts = {'string', 'categorical', 'datetime', 'duration'};
    tf = ndims(value) == 2 && (isNumber || any(strcmp(class(value), texts)));
end

function refuse(name, what)
    error('sagemaker_inference:encode:prediction', ...
          ['The prediction''s variable "%s" has %s. Give one real number, or one text, for ' ...
           'each row, or override encode_output.'], name, what);
end

function text = described(value)
    kind = class(value);
    if isnumeric(value) && ~isreal(value)
        kind = ['complex ' kind];
    end
    text = sprintf('a %s of size %s', kind, regexprep(num2str(size(value)), '\s+', 'x'));
end
