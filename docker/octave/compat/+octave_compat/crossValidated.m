function model = crossValidated(tree, fit, arguments_)
%CROSSVALIDATED  A ClassificationPartitionedModel for a struct of a model's properties.
%   FIT is the function that has fitted the model.
%   It is not in the method, because Octave 7 cannot use inputParser inside an old-style class.
    octave_compat.requirePairs(arguments_, 'crossval');
    p = inputParser;
    p.FunctionName = 'crossval';
    p.addParameter('KFold', 10);
    p.addParameter('Leaveout', 'off');
    p.parse(arguments_{:});
    if strcmpi(char(p.Results.Leaveout), 'on')
        fold = (1:tree.NumObservations)';
    else
        fold = stratifiedFolds(tree.Y, min(p.Results.KFold, tree.NumObservations));
    end
    model = ClassificationPartitionedModel(tree, fit, fold);
end

function fold = stratifiedFolds(labels, count)
    % A fold number 1..COUNT for each label, each class spread evenly over the folds. The order
    % within a class is random (randperm): rng makes it repeatable.
    [~, ~, class] = unique(labels);
    fold = zeros(numel(class), 1);
    dealt = 0;
    for k = 1:max(class)
        members = find(class == k);
        members = members(randperm(numel(members)));
        fold(members) = mod(dealt + (0:numel(members) - 1), count) + 1;
        dealt = dealt + numel(members);
    end
end
