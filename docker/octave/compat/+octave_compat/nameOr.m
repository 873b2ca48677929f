function name = nameOr(name, fallback)
%NAMEOR  NAME, or FALLBACK if the caller's argument was an expression.
%   Raises octave_compat:nameValue for Name=value, of which Octave passes only the value.
    if ~isempty(regexp(name, '^\s*\w+\s*=[^=]', 'once'))
        error('octave_compat:nameValue', ...
              ['GNU Octave treats %s as another variable: write ''Name'', value, which MATLAB ' ...
               'accepts too.'], name);
    end
    if ~isvarname(name)
        name = fallback;
    end
end
