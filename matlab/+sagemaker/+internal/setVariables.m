function restore = setVariables(names, values, without)
%SETVARIABLES  Set environment variables until RESTORE is cleared; the value '' changes nothing.
%   RESTORE = setVariables(NAMES, VALUES, WITHOUT) also unsets the variables in the cell WITHOUT.
    if nargin < 3
        without = {};
    end
    given = ~cellfun('isempty', values);
    names = names(given);
    values = values(given);
    changed = [reshape(names, 1, []), without];
    before = cellfun(@(name) getenv(name), changed, 'UniformOutput', false);
    restore = onCleanup(@() putBack(changed, before));
    for k = 1:numel(without)
        unsetenv(without{k});
    end
    for k = 1:numel(names)
        setenv(names{k}, values{k});
    end
end

function putBack(names, before)
    for k = 1:numel(names)
        if isempty(before{k})
            unsetenv(names{k});
        else
            setenv(names{k}, before{k});
        end
    end
end
