function options = tableOptions(pairs, defaults, caller)
%TABLEOPTIONS  Name-value arguments as a struct with the fields of DEFAULTS.
%   OPTIONS = tableOptions(PAIRS, DEFAULTS, CALLER): CALLER is for messages. Names are found in any
%   case. Raises sagemaker_inference:options:name for an unknown one, and suggests the nearest, and
%   sagemaker_inference:options:pairs unless PAIRS are names and values.
    options = defaults;
    names = fieldnames(defaults)';
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker_inference:options:pairs', ...
              ['The last option of %s has no value. Give pairs such as ' ...
               '''Delimiter'', '';''.'], caller);
    end
    for k = 1:2:numel(pairs)
        name = pairs{k};
        if ~ischar(name) && ~isa(name, 'string')
            error('sagemaker_inference:options:pairs', ...
                  '%s got a %s where it expects the name of an option. Give text.', ...
                  caller, class(name));
        end
        at = find(strcmpi(names, char(name)), 1);
        if isempty(at)
            error('sagemaker_inference:options:name', ...
                  '%s has no option ''%s''. Is it ''%s''? It has: %s.', caller, char(name), ...
                  nearest(char(name), names), strjoin(names, ', '));
        end
        value = pairs{k + 1};
        if isa(value, 'string')
            value = char(value);
        end
        options.(names{at}) = value;
    end
end

function name = nearest(word, names)
    [~, at] = min(cellfun(@(n) distance(lower(word), lower(n)), names));
    name = names{at};
end

function count = distance(a, b)
    % Number of letters to change, insert or delete to turn A into B.
    row = 0:numel(b);
    for i = 1:numel(a)
        before = row;
        row(1) = i;
        for j = 1:numel(b)
            row(j + 1) = min([before(j + 1) + 1, row(j) + 1, before(j) + (a(i) ~= b(j))]);
        end
    end
    count = row(end);
end
