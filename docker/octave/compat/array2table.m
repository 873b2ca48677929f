function T = array2table(array, varargin)
%ARRAY2TABLE  Each column of an array as a table variable (Octave only).
%   T = ARRAY2TABLE(A, 'VariableNames', NAMES); without names: A1, A2, ... after the variable.
    octave_compat.requirePairs(varargin, 'array2table');
    [~, names] = octave_compat.splitNameValue(varargin, 'VariableNames');
    if isempty(names)
        stem = octave_compat.nameOr(inputname(1, false), 'Var');
        names = arrayfun(@(k) sprintf('%s%d', stem, k), 1:size(array, 2), 'UniformOutput', false);
    end
    columns = num2cell(array, 1);
    T = table(columns{:}, 'VariableNames', names);
end
