function value = fieldOf(properties_, s, kind)
%FIELDOF  obj.Name<more> of an old-style object whose properties are the struct PROPERTIES_.
    if ~strcmp(s(1).type, '.') || ~isfield(properties_, s(1).subs)
        error('octave_compat:object:property', 'A %s has no property ''%s''. It has: %s.', kind, ...
              octave_compat.subscriptText(s(1)), strjoin(fieldnames(properties_)', ', '));
    end
    value = properties_.(s(1).subs);
    if numel(s) > 1
        value = subsref(value, s(2:end));
    end
end
