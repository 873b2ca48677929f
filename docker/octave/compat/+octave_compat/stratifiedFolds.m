function fold = stratifiedFolds(labels, count)
%STRATIFIEDFOLDS  A fold number 1..COUNT for each label, each class spread evenly over the folds.
%   The order within a class is random (randperm): rng makes it repeatable.
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
