function name = nameOr(name, fallback)
%NAMEOR  NAME, or FALLBACK where the caller's argument was an expression.
%   Raises octave_compat:nameValue for Name=value, which Octave passes on as the value only.
    if ~isempty(regexp(name, '^\s*\w+\s*=[^=]', 'once'))
        error('octave_compat:nameValue', ...
              ['GNU Octave takes %s for one more variable: write ''Name'', value, which MATLAB ' ...
               'takes as well.'], name);
    end
    if ~isvarname(name)
        name = fallback;
    end
end
