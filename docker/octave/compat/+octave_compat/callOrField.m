function value = callOrField(object, s, methods_)
%CALLORFIELD  obj.method(arguments) for the methods named, obj.Property<more> otherwise.
    if strcmp(s(1).type, '.') && any(strcmp(s(1).subs, methods_))
        arguments_ = {};
        rest = s(2:end);
        if ~isempty(rest) && strcmp(rest(1).type, '()')
            arguments_ = rest(1).subs;
            rest = rest(2:end);
        end
        value = feval(s(1).subs, object, arguments_{:});
        if ~isempty(rest)
            value = subsref(value, rest);
        end
    else
        value = fieldOf(struct(object), s, class(object));
    end
end

function value = fieldOf(properties_, s, kind)
    if ~strcmp(s(1).type, '.') || ~isfield(properties_, s(1).subs)
        error('octave_compat:object:property', 'A %s has no property ''%s''. It has: %s.', kind, ...
              subscriptText(s(1)), strjoin(fieldnames(properties_)', ', '));
    end
    value = properties_.(s(1).subs);
    if numel(s) > 1
        value = subsref(value, s(2:end));
    end
end

function text = subscriptText(subscript)
    text = subscript.subs;
    if ~ischar(text)
        text = subscript.type;
    end
end
