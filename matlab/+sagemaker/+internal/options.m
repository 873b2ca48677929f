function settings = options(settings, pairs, owner)
%OPTIONS  Name-value arguments: SETTINGS, a struct of defaults, changed by PAIRS.
%   SETTINGS = options(SETTINGS, PAIRS, OWNER): OWNER is the caller's name, for errors. Names are
%   found in any case. Strings become char, string arrays become cells of char. Raises
%   sagemaker:input:pairs and sagemaker:input:option.
    names = fieldnames(settings);
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker:input:pairs', ...
              ['The last option of %s has no value. Give its options as pairs: ' ...
               '''Name'', value.'], owner);
    end
    for k = 1:2:numel(pairs)
        given = sagemaker.internal.plain(pairs{k});
        if strcmpi(given, 'SecurityGroupIds')  % AWS's spelling
            given = 'SecurityGroupsIds';  % the spelling of MathWorks' demo
        end
        if ~ischar(given) || ~any(strcmpi(names, given))
            error('sagemaker:input:option', '%s has no option ''%s''. Its options are: %s.', ...
                  owner, shown(given), strjoin(names', ', '));
        end
        at = find(strcmpi(names, given), 1);
        settings.(names{at}) = sagemaker.internal.plain(pairs{k + 1});
    end
end

function text = shown(value)
    text = class(value);
    if ischar(value)
        text = value;
    end
end
