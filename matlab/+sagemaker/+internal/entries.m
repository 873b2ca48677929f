function list = entries(varargin)
%ENTRIES  Keys and values of a YAML mapping, in this order, without those that have no value.
%   LIST = sagemaker.internal.entries(KEY, VALUE, ...) returns a struct array with key and value. A
%   value is text, a number, a logical, a row of these (cell or array), or a result of entries.
    list = struct('key', {}, 'value', {});
    for k = 1:2:numel(varargin)
        if ~isempty(varargin{k + 1})
            list(end + 1) = struct('key', varargin(k), 'value', varargin(k + 1));
        end
    end
end
