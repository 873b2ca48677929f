function pairs = pairsOf(value, name)
%PAIRSOF  Names and values as an n x 2 cell of text.
%   PAIRS = pairsOf(VALUE, NAME): VALUE is a struct, a containers.Map, a dictionary (as loadenv
%   returns), an n x 2 cell, or a struct array with Key and Value. NAME is for the error,
%   sagemaker:input:<name>.
    if isempty(value)
        pairs = cell(0, 2);
        return
    end
    if isstruct(value) && isfield(value, 'Key') && isfield(value, 'Value')
        pairs = [{value.Key}', {value.Value}'];
    elseif isstruct(value)
        pairs = [fieldnames(value), struct2cell(value)];
    elseif isa(value, 'containers.Map')
        pairs = [keys(value)', values(value)'];
    elseif isa(value, 'dictionary')
        pairs = [cellstr(keys(value)), cellstr(values(value))];
    elseif iscell(value) && size(value, 2) == 2
        pairs = value;
    else
        sagemaker.internal.refuse(name, value, ...
                                  'a struct, a containers.Map, or an n x 2 cell');
    end
    pairs = cellfun(@(item) asText(item, name), pairs, 'UniformOutput', false);
end

function text = asText(item, name)
    item = sagemaker.internal.plain(item);
    if ischar(item) && size(item, 1) < 2
        text = item;
    elseif islogical(item) && isscalar(item)
        words = {'false', 'true'};
        text = words{item + 1};
    elseif isnumeric(item) && isscalar(item) && isreal(item)
        text = sagemaker.internal.numberText(double(item));
    else
        sagemaker.internal.refuse(name, {item}, ...
                                  'values that are text, one number, or true or false');
    end
end
