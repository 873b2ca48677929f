function tree = fitctree(predictors, response, varargin)
%FITCTREE  A binary classification tree (CART) for GNU Octave.
%   TREE = FITCTREE(T, NAME, ...) predicts the variable NAME of table T from its other variables.
%   TREE = FITCTREE(T, Y, ...) and FITCTREE(X, Y, ...) take the labels Y (rows x 1, or a table with
%   one variable) separately.
%
%   Options, with MATLAB's defaults:
%   'MinParentSize'  - Fewest observations in a node that is split. Default is 10.
%   'MinLeafSize'    - Fewest observations in a leaf. Default is 1.
%   'MaxNumSplits'   - Most splits; the largest gains of a layer go first. Default is rows - 1.
%   'SplitCriterion' - 'gdi' (Gini's index, default) or 'deviance'.
%   'PredictorNames', 'ResponseName' - names if X and Y have none.
%
%   Predictors must be numeric; a missing value follows the larger child. This implementation of
%   CART has the defaults of MATLAB's fitctree, but not all its rules for ties and pruning.
%   Octave only. See also PREDICT, CROSSVAL, RESUBLOSS.
    octave_compat.requirePairs(varargin, 'fitctree');
    [X, labels, names] = octave_compat.trainingData(predictors, response);
    options = treeOptions(numel(labels), names, varargin);
    [classes, ~, class] = unique(labels);
    nodes = octave_compat.growTree(X, class(:), numel(classes), options.ModelParameters);
    tree = ClassificationTree(treeFields(nodes, X, labels, classes(:), options));
end

function options = treeOptions(count, names, arguments_)
    % The name-value arguments, checked, with defaults for COUNT observations.
    p = inputParser;
    p.FunctionName = 'fitctree';
    p.addParameter('MinParentSize', 10);
    p.addParameter('MinLeafSize', 1);
    p.addParameter('MaxNumSplits', max(count - 1, 0));
    p.addParameter('SplitCriterion', 'gdi');
    p.addParameter('PredictorNames', names.Predictors);
    p.addParameter('ResponseName', names.Response);
    p.parse(arguments_{:});
    options = p.Results;
    parameters = rmfield(options, {'PredictorNames', 'ResponseName'});
    checkCount(parameters, 'MinParentSize', 1);
    checkCount(parameters, 'MinLeafSize', 1);
    checkCount(parameters, 'MaxNumSplits', 0);
    parameters.SplitCriterion = lower(char(parameters.SplitCriterion));
    if ~any(strcmp(parameters.SplitCriterion, {'gdi', 'deviance'}))
        error('octave_compat:fitctree:option', ...
              'SplitCriterion is ''%s''; the Octave engine has only ''gdi'' and ''deviance''.', ...
              parameters.SplitCriterion);
    end
    parameters.MinParentSize = max(parameters.MinParentSize, 2 * parameters.MinLeafSize);
    options.ModelParameters = parameters;
end

function checkCount(parameters, name, least)
    value = parameters.(name);
    if ~isnumeric(value) || ~isscalar(value) || ~(value >= least) || value ~= floor(value)
        error('octave_compat:fitctree:option', '%s must be a whole number, at least %d.', name, ...
              least);
    end
end

function fields = treeFields(nodes, X, labels, classes, options)
    % The properties of a ClassificationTree, named as MATLAB names them.
    sizes = sum(nodes.Counts, 2);
    [~, majority] = max(nodes.Counts, [], 2);
    cutNames = repmat({''}, numel(sizes), 1);
    isBranch = nodes.CutPredictorIndex > 0;
    cutNames(isBranch) = options.PredictorNames(nodes.CutPredictorIndex(isBranch));
    fields = struct('PredictorNames', {cellstr(options.PredictorNames)}, ...
                    'CategoricalPredictors', [], ...
                    'ResponseName', char(options.ResponseName), ...
                    'ClassNames', {classes}, ...
                    'X', X, ...
                    'Y', {labels}, ...
                    'NumObservations', numel(labels), ...
                    'NumNodes', numel(sizes), ...
                    'IsBranchNode', isBranch, ...
                    'Children', nodes.Children, ...
                    'Parent', nodes.Parent, ...
                    'CutPredictor', {cutNames}, ...
                    'CutPredictorIndex', nodes.CutPredictorIndex, ...
                    'CutPoint', nodes.CutPoint, ...
                    'NodeSize', sizes, ...
                    'NodeClass', {classes(majority)}, ...
                    'ClassProbability', nodes.Counts ./ sizes, ...
                    'ModelParameters', options.ModelParameters);
end
