function requirePairs(arguments_, name)
%REQUIREPAIRS  Raise octave_compat:nameValue unless arguments of function NAME are names and values.
%   Octave treats f(x, Name=value) as f(x, value), and assigns a variable Name in the caller.
    if mod(numel(arguments_), 2) ~= 0 || ~all(cellfun(@ischar, arguments_(1:2:end)))
        error('octave_compat:nameValue', ...
              ['%s needs a name before each value. Of Name=value, GNU Octave passes only the ' ...
               'value: write ''Name'', value, which MATLAB accepts too.'], name);
    end
end
