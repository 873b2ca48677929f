function [values, option] = splitNameValue(arguments_, name)
%SPLITNAMEVALUE  Separate the pair NAME, value from the positional arguments.
%   OPTION is [] when the pair is absent.
    option = [];
    values = arguments_;
    at = find(cellfun(@(a) ischar(a) && isrow(a) && strcmpi(a, name), values), 1);
    if ~isempty(at) && at < numel(values)
        option = values{at + 1};
        values(at:at + 1) = [];
    end
end
