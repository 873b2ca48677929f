function X = predictorMatrix(data, names)
%PREDICTORMATRIX  The predictors NAMES of a table, or a matrix that has as many columns (double).
%   It is not in the methods, because Octave 7 cannot index a table inside an old-style class.
%   Raises MATLAB:table:UnrecognizedVarName or octave_compat:predict:size.
    if istable(data)
        X = data{:, names};
    else
        X = data;
    end
    if size(X, 2) ~= numel(names) || ~isnumeric(X) && ~islogical(X)
        error('octave_compat:predict:size', ...
              'The data have %d columns of class %s; the model needs %d numeric ones: %s.', ...
              size(X, 2), class(X), numel(names), strjoin(names, ', '));
    end
    X = double(X);
end
