function tree = fitctree(predictors, response, varargin)
%FITCTREE  A binary classification tree (CART) for GNU Octave.
%   TREE = FITCTREE(T, NAME, ...) predicts the variable NAME of table T from its other variables.
%   TREE = FITCTREE(T, Y, ...) and FITCTREE(X, Y, ...) take the labels Y (rows x 1) apart.
%
%   Options, with MATLAB's defaults:
%   'MinParentSize'  - Fewest observations in a node that is split. Default is 10.
%   'MinLeafSize'    - Fewest observations in a leaf. Default is 1.
%   'MaxNumSplits'   - Most splits; the largest gains of a layer go first. Default is rows - 1.
%   'SplitCriterion' - 'gdi' (Gini's index, default) or 'deviance'.
%   'PredictorNames', 'ResponseName' - names where X and Y carry none.
%
%   Predictors are numeric; a missing value follows the larger child. This is an own CART: it
%   shares the method and the defaults with MATLAB's fitctree, not its every tie or pruning.
%   Octave only. See also PREDICT, CROSSVAL, RESUBLOSS.
    [X, labels, names] = octave_compat.trainingData(predictors, response);
    options = octave_compat.treeOptions(size(X, 1), names, varargin);
    present = ~octave_compat.isMissingLabel(labels);
    X = X(present, :);
    labels = labels(present, :);
    if isempty(labels)
        error('octave_compat:fitctree:noData', ...
              'No observation has a label: there is nothing to fit.');
    end
    [classes, ~, class] = unique(labels);
    nodes = octave_compat.growTree(X, class(:), numel(classes), options.ModelParameters);
    tree = ClassificationTree(octave_compat.treeFields(nodes, X, labels, classes(:), options));
end
