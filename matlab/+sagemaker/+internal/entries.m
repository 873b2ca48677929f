function list = entries(varargin)
%ENTRIES  Keys and values of a mapping in YAML, in their order; those without a value are left out.
%   LIST = sagemaker.internal.entries(KEY, VALUE, ...) is a struct array with key and value: a text,
%   a number, a logical, a row of these (a cell or an array), or what entries returns.
    list = struct('key', {}, 'value', {});
    for k = 1:2:numel(varargin)
        if ~isempty(varargin{k + 1})
            list(end + 1) = struct('key', varargin(k), 'value', varargin(k + 1));
        end
    end
end
