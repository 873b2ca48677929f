function model = fitcdiscr(predictors, response, varargin)
%FITCDISCR  A linear discriminant analysis classifier for GNU Octave.
%   MODEL = FITCDISCR(T, NAME, ...) predicts the variable NAME of table T from its other variables.
%   MODEL = FITCDISCR(T, Y, ...) and FITCDISCR(X, Y, ...) take the labels Y (rows x 1, or a table
%   with one variable) separately.
%
%   Options, with MATLAB's defaults:
%   'DiscrimType' - only 'linear': one covariance for all classes.
%   'Prior'       - 'empirical' (default), 'uniform', or a probability for each class in the order
%                   of ClassNames.
%   'PredictorNames', 'ResponseName' - names if X and Y have none.
%
%   Rows with a missing predictor are left out. Octave only. See also FITCTREE.
    octave_compat.requirePairs(varargin, 'fitcdiscr');
    [X, labels, names] = octave_compat.trainingData(predictors, response);
    p = inputParser;
    p.FunctionName = 'fitcdiscr';
    p.addParameter('DiscrimType', 'linear');
    p.addParameter('Prior', 'empirical');
    p.addParameter('PredictorNames', names.Predictors);
    p.addParameter('ResponseName', names.Response);
    p.parse(varargin{:});
    options = p.Results;
    if ~strcmpi(char(options.DiscrimType), 'linear')
        error('octave_compat:fitcdiscr:option', ...
              'DiscrimType is ''%s''; the Octave engine has only ''linear''.', ...
              char(options.DiscrimType));
    end
    whole = ~any(isnan(X), 2);
    fields = discriminant(X(whole, :), labels(whole, :), options);
    model = ClassificationDiscriminant(fields);
end

function fields = discriminant(X, labels, options)
    % The properties of a ClassificationDiscriminant, named as MATLAB names them.
    [classes, ~, class] = unique(labels);
    counts = accumarray(class(:), 1);
    Mu = zeros(numel(counts), size(X, 2));
    for k = 1:numel(counts)
        Mu(k, :) = mean(X(class == k, :), 1);
    end
    residuals = X - Mu(class, :);
    Sigma = residuals' * residuals / (size(X, 1) - numel(counts));
    [~, isSingular] = chol(Sigma);
    if isSingular || any(~isfinite(Sigma(:)))
        error('octave_compat:fitcdiscr:singular', ...
              ['The predictors'' covariance within the classes is singular (%d observations, ' ...
               '%d classes). Remove predictors that are constant or follow from others.'], ...
              size(X, 1), numel(counts));
    end
    names = cellstr(options.PredictorNames);
    fields = struct('PredictorNames', {names(:)'}, ...
                    'CategoricalPredictors', [], ...
                    'ResponseName', char(options.ResponseName), ...
                    'ClassNames', {classes(:)}, ...
                    'X', X, ...
                    'Y', {labels}, ...
                    'NumObservations', numel(labels), ...
                    'DiscrimType', 'linear', ...
                    'Mu', Mu, ...
                    'Sigma', Sigma, ...
                    'Prior', priorOf(options.Prior, counts), ...
                    'Cost', 1 - eye(numel(counts)), ...
                    'ModelParameters', struct('DiscrimType', 'linear', 'Prior', options.Prior));
    fields.Coeffs = coefficients(fields);
end

function prior = priorOf(option, counts)
    % A row of probabilities.
    if isnumeric(option)
        prior = option(:)';
    elseif strcmpi(char(option), 'uniform')
        prior = ones(1, numel(counts));
    elseif strcmpi(char(option), 'empirical')
        prior = counts(:)';
    else
        prior = [];
    end
    if numel(prior) ~= numel(counts) || any(~(prior >= 0)) || ~(sum(prior) > 0)
        error('octave_compat:fitcdiscr:option', ...
              'Prior must be ''empirical'', ''uniform'' or %d probabilities.', numel(counts));
    end
    prior = prior / sum(prior);
end

function coeffs = coefficients(fields)
    % Coeffs(i, j): class i is more probable than j where Const + x * Linear > 0.
    count = numel(fields.Prior);
    coeffs = repmat(struct('Const', [], 'Linear', []), count, count);
    for i = 1:count
        for j = [1:i - 1, i + 1:count]
            linear = fields.Sigma \ (fields.Mu(i, :) - fields.Mu(j, :))';
            coeffs(i, j).Linear = linear;
            coeffs(i, j).Const = log(fields.Prior(i) / fields.Prior(j)) - ...
                                 (fields.Mu(i, :) + fields.Mu(j, :)) * linear / 2;
        end
    end
end
