function obj = ClassificationPartitionedModel(tree, fit, fold)
%CLASSIFICATIONPARTITIONEDMODEL  A cross-validated classifier (Octave only).
%   TREE is a struct of the model's properties, FIT the function that fits one, FOLD (rows x 1) each
%   observation's fold.
    if nargin == 0
        tree = struct(fitctree([0; 1], [0; 1]));
        fit = @fitctree;
        fold = [1; 2];
    end
    parameters = tree.ModelParameters;
    options = [fieldnames(parameters), struct2cell(parameters)]';
    trained = cell(max(fold), 1);
    for k = 1:numel(trained)
        trained{k} = fit(tree.X(fold ~= k, :), tree.Y(fold ~= k, :), options{:}, ...
                         'PredictorNames', tree.PredictorNames, ...
                         'ResponseName', tree.ResponseName);
    end
    obj = class(struct('Trained', {trained}, 'KFold', numel(trained), 'Fold', fold, 'X', tree.X, ...
                       'Y', {tree.Y}, 'ClassNames', {tree.ClassNames}), ...
                'ClassificationPartitionedModel');
end
