function pairs = parametersOf(value)
%PARAMETERSOF  Convert the struct HyperParameters to an n x 2 cell of names and values.
%   PAIRS = parametersOf(VALUE) keeps the types of the values: numbers, text, logicals, and rows of
%   these. VALUE can be empty. Raises sagemaker:input:hyperParameters.
    pairs = cell(0, 2);
    if isempty(value)
        return
    end
    if ~isstruct(value) || ~isscalar(value)
        error('sagemaker:input:hyperParameters', ...
              'HyperParameters is of class %s. Give a struct, such as struct(''Depth'', 3).', ...
              class(value));
    end
    pairs = [fieldnames(value), struct2cell(value)];
    for k = 1:size(pairs, 1)
        pairs{k, 2} = sagemaker.internal.plain(pairs{k, 2});
        if ~isParameter(pairs{k, 2})
            error('sagemaker:input:hyperParameters', ...
                  ['HyperParameters.%s has a value that cannot be sent unchanged. Give text, a ' ...
                   'finite real number below 2^53, true or false, a row of numbers, or a cell ' ...
                   'row of such values. Leave out a field that has no value.'], pairs{k, 1});
        end
    end
end

function tf = isParameter(value)
    % Whether the job gets this value unchanged, except for the class of a number.
    if iscell(value)
        tf = isrow(value) && all(cellfun(@(item) isOne(sagemaker.internal.plain(item)), value));
    else
        tf = isOne(value) || ((isnumeric(value) || islogical(value)) && isrow(value) && ...
                              all(arrayfun(@(item) isOne(item), value)));
    end
end

function tf = isOne(value)
    if ischar(value)
        tf = isempty(value) || isrow(value);
    elseif isnumeric(value) && isscalar(value)
        tf = isreal(value) && isfinite(value) && ~(isinteger(value) && abs(value) >= flintmax());
    else
        tf = islogical(value) && isscalar(value);
    end
end
