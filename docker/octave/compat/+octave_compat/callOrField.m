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
        value = octave_compat.fieldOf(struct(object), s, class(object));
    end
end
