function obj = ClassificationPartitionedModel(tree, fold)
%CLASSIFICATIONPARTITIONEDMODEL  A cross-validated classification tree (Octave only).
%   TREE is a struct of ClassificationTree's properties, FOLD (rows x 1) each observation's fold.
    if nargin == 0
        tree = struct(fitctree([0; 1], [0; 1]));
        fold = [1; 2];
    end
    parameters = tree.ModelParameters;
    options = [fieldnames(parameters), struct2cell(parameters)]';
    trained = cell(max(fold), 1);
    for k = 1:numel(trained)
        trained{k} = fitctree(tree.X(fold ~= k, :), tree.Y(fold ~= k, :), options{:}, ...
                              'PredictorNames', tree.PredictorNames, ...
                              'ResponseName', tree.ResponseName);
    end
    obj = class(struct('Trained', {trained}, 'KFold', numel(trained), 'Fold', fold, 'X', tree.X, ...
                       'Y', {tree.Y}, 'ClassNames', {tree.ClassNames}), ...
                'ClassificationPartitionedModel');
end
