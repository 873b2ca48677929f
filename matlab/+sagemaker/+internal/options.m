function [settings, others] = options(settings, pairs, owner)
%OPTIONS  Name-value arguments: SETTINGS, a struct of defaults, changed by PAIRS.
%   SETTINGS = options(SETTINGS, PAIRS, OWNER): OWNER is the caller's name, for errors. Names are
%   found in any case; of two that are the same, the last one counts. Strings become char, string
%   arrays become cells of char. Raises sagemaker:input:pairs and sagemaker:input:option.
%   [SETTINGS, OTHERS] = options(...) returns the pairs that are not in SETTINGS instead.
    sagemaker.internal.requirePairs(pairs, owner);
    names = fieldnames(settings);
    others = {};
    for k = 1:2:numel(pairs)
        if nargout > 1 && ~any(strcmpi(names, pairs{k}))
            others = [others, pairs(k:k + 1)];
        else
            name = sagemaker.internal.optionName(pairs{k}, names, owner);
            settings.(name) = sagemaker.internal.plain(pairs{k + 1});
        end
    end
end
