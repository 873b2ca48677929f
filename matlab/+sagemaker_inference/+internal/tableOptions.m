function options = tableOptions(pairs, defaults, caller)
%TABLEOPTIONS  Names and values as a struct with the fields of DEFAULTS; CALLER is for messages.
%   Names are found in any case. Raises sagemaker_inference:options:name for another one, with the
%   nearest, and sagemaker_inference:options:pairs for what are no pairs.
    options = defaults;
    names = fieldnames(defaults)';
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker_inference:options:pairs', ...
              '%s takes a name before each value, such as ''Delimiter'', '';''.', caller);
    end
    for k = 1:2:numel(pairs)
        name = pairs{k};
        if ~ischar(name) && ~isa(name, 'string')
            error('sagemaker_inference:options:pairs', ...
                  '%s takes names of options, and a %s is none.', caller, class(name));
        end
        at = find(strcmpi(names, char(name)), 1);
        if isempty(at)
            error('sagemaker_inference:options:name', ...
                  '%s has no option ''%s''. Is it ''%s''? It takes: %s.', caller, char(name), ...
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
    % Letters to change, put in or take out, to make B of A.
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
