function tests = tTreeInvariants
%TTREEINVARIANTS  Properties that every tree must have, tested with seeded random data.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    rng(11);
end

function [X, y] = randomData(missing)
    n = randi([5, 120]);
    X = round(randn(n, 3) * randi(5)) / randi(4);
    y = randi(randi([2, 4]), n, 1);
    X(rand(n, 3) < missing) = NaN;
end

function node = walked(tree, x)
    node = 1;
    while tree.CutPredictorIndex(node) > 0
        children = tree.Children(node, :);
        value = x(tree.CutPredictorIndex(node));
        if isnan(value)
            [~, side] = max(tree.NodeSize(children));
        else
            side = 1 + (value >= tree.CutPoint(node));
        end
        node = children(side);
    end
end

function testEveryRowFallsIntoTheLeafThatAWalkFinds(testCase)
    for trial = 1:15
        [X, y] = randomData(0.1 * mod(trial, 3));
        tree = struct(fitctree(X, y, 'MinParentSize', 2));
        [label, score, node] = predict(ClassificationTree(tree), X);
        expected = arrayfun(@(k) walked(tree, X(k, :)), (1:size(X, 1))');
        verifyEqual(testCase, node, expected);
        verifyEqual(testCase, sum(score, 2), ones(size(X, 1), 1), 'AbsTol', 1e-12);
        verifyEqual(testCase, label, tree.NodeClass(node));
    end
end

function testEveryLeafHonoursItsSmallestSize(testCase)
    for trial = 1:15
        [X, y] = randomData(0.1 * mod(trial, 2));
        least = randi(8);
        tree = fitctree(X, y, 'MinLeafSize', least);
        leaves = tree.NodeSize(~tree.IsBranchNode);
        verifyGreaterThanOrEqual(testCase, leaves, min(least, numel(y)));
        verifyEqual(testCase, sum(leaves), numel(y));
        parents = tree.NodeSize(tree.IsBranchNode);
        verifyGreaterThanOrEqual(testCase, [parents; 10], 10);
    end
end

function testMoreSplitsNeverCostTrainingAccuracy(testCase)
    for criterion = {'gdi', 'deviance'}
        [X, y] = randomData(0);
        losses = zeros(1, 12);
        for k = 0:11
            tree = fitctree(X, y, 'MaxNumSplits', k, 'SplitCriterion', criterion{1}, ...
                            'MinParentSize', 2);
            losses(k + 1) = resubLoss(tree);
            verifyLessThanOrEqual(testCase, sum(tree.IsBranchNode), k);
        end
        verifyLessThanOrEqual(testCase, diff(losses), 1e-12);
    end
end

function testTheLargestGainIsTakenWhenOneSplitIsLeft(testCase)
    for trial = 1:10
        X = randn(80, 2);
        y = randi(3, 80, 1);
        tree = fitctree(X, y, 'MaxNumSplits', 1);
        [~, ~, node] = predict(tree, X);
        left = bestGain(tree, X(node == 2, :), y(node == 2));
        right = bestGain(tree, X(node == 3, :), y(node == 3));
        expected = 2 + (right > left);
        tree = fitctree(X, y, 'MaxNumSplits', 2);
        verifyEqual(testCase, find(tree.IsBranchNode), [1; expected]);
    end
end

function gain = bestGain(tree, X, y)
    split = octave_compat.bestSplit(X, y, 3, tree.ModelParameters);
    gain = split.Gain;
end

function testDistinctRowsAreSeparatedWhenNothingLimitsTheTree(testCase)
    rng(2);
    X = reshape(randperm(60), 30, 2);
    y = randi(3, 30, 1);
    tree = fitctree(X, y, 'MinParentSize', 2);
    verifyEqual(testCase, resubLoss(tree), 0);
    verifyEqual(testCase, predict(tree, X), y);
end

function testFoldsHoldEveryRowOnceAndEveryClassEvenly(testCase)
    labels = [ones(23, 1); 2 * ones(17, 1)];
    model = crossval(fitctree((1:40)', labels), 'KFold', 10);
    fold = model.Fold;
    verifyEqual(testCase, accumarray(fold, 1), 4 * ones(10, 1));
    counts = accumarray([labels, fold], 1);
    verifyLessThanOrEqual(testCase, max(counts, [], 2) - min(counts, [], 2), 1);
end

function testNoFoldsTreeHasSeenItsOwnRows(testCase)
    X = (1:20)';
    model = crossval(fitctree(X, X, 'MinParentSize', 2), 'KFold', 4);
    verifyEqual(testCase, kfoldLoss(model), 1, 'a row''s own label can only be known from the row');
    verifyEqual(testCase, numel(model.Trained), 4);
    leaveOneOut = crossval(fitctree(X, X > 10, 'MinParentSize', 2), 'Leaveout', 'on');
    verifyEqual(testCase, leaveOneOut.KFold, 20);
end
