function names = renamed(names, s, value)
%RENAMED  Variable names after T.Properties.VariableNames<s> = value.
    if isempty(s) || ~strcmp(s(1).subs, 'VariableNames')
        error('MATLAB:table:UnknownProperty', 'Only Properties.VariableNames can be assigned.');
    end
    before = numel(names);
    if numel(s) > 1
        names = subsasgn(names, s(2:end), value);
    else
        names = cellstr(value);
    end
    octave_compat.checkColumns(cell(1, before), names);
    names = names(:)';
end
