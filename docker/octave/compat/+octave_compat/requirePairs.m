function requirePairs(arguments_, name)
%REQUIREPAIRS  Raise octave_compat:nameValue unless arguments of function NAME are names and values.
%   Octave takes f(x, Name=value) for f(x, value), and assigns a variable Name in the caller.
    if mod(numel(arguments_), 2) ~= 0 || ~all(cellfun(@ischar, arguments_(1:2:end)))
        error('octave_compat:nameValue', ...
              ['%s takes a name before each value. Of Name=value, GNU Octave passes on the ' ...
               'value only: write ''Name'', value, which MATLAB takes as well.'], name);
    end
end
