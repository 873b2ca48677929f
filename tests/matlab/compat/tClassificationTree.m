function tests = tClassificationTree
%TCLASSIFICATIONTREE  Classification trees on Octave: published results for iris, calls, errors.
    tests = functiontests(localfunctions);
end

function setupOnce(testCase)
    root = fileparts(fileparts(fileparts(fileparts(mfilename('fullpath')))));
    testCase.TestData.Iris = readtable(fullfile(root, 'examples', ...
                                                'TrainAndDeployClassificationTree', ...
                                                'data', 'training', 'iris.csv'));
end

function testIrisHasElevenNodesAndItsKnownAccuracies(testCase)
    tree = fitctree(testCase.TestData.Iris, 'species');
    verifyEqual(testCase, tree.NumNodes, 11);
    verifyEqual(testCase, resubLoss(tree), 0.02, 'AbsTol', 1e-12);
    verifyEqual(testCase, tree.ClassNames, {'setosa'; 'versicolor'; 'virginica'});
    verifyEqual(testCase, tree.ResponseName, 'species');
    verifyEqual(testCase, tree.CutPredictor{1}, 'petal_length');
    verifyEqual(testCase, tree.CutPoint(1), 2.45, 'AbsTol', 1e-12);
    for seed = 1:3
        rng(seed);
        verifyLessThanOrEqual(testCase, kfoldLoss(crossval(tree)), 0.07);
    end
end

function testTablesAndMatricesGiveTheSameTree(testCase)
    T = testCase.TestData.Iris;
    fromTable = fitctree(T, 'species');
    labels = T.species;
    T.species = [];
    fromLabels = fitctree(T, labels);
    fromMatrix = fitctree(T{:, :}, labels);
    verifyEqual(testCase, fromLabels.CutPoint, fromTable.CutPoint);
    verifyEqual(testCase, fromMatrix.CutPoint, fromTable.CutPoint);
    verifyEqual(testCase, predict(fromTable, T), predict(fromMatrix, T{:, :}));
end

function testPredictorsAreTakenByNameNotByPosition(testCase)
    T = testCase.TestData.Iris;
    tree = fitctree(T, 'species');
    turned = T(:, [5, 4, 3, 2, 1]);
    verifyEqual(testCase, predict(tree, turned), predict(tree, T));
end

function testMissingValuesFollowTheLargerChildAndTheLeftOfTwoEqualOnes(testCase)
    tree = fitctree([1; 3; NaN], [1; 2; 1], 'MinParentSize', 3);
    verifyEqual(testCase, tree.NodeSize, [3; 2; 1]);
    tree = fitctree([1; 3; 3; NaN], [1; 2; 2; 2], 'MinParentSize', 4);
    verifyEqual(testCase, tree.NodeSize, [4; 1; 3]);
end

function testNeighbouringNumbersAreStillSeparated(testCase)
    X = [1; 1 + eps; realmax; -realmax];
    y = [1; 2; 3; 4];
    tree = fitctree(X, y, 'MinParentSize', 2);
    verifyEqual(testCase, predict(tree, X), y);
end

function testLabelsKeepTheirClass(testCase)
    X = [1; 2; 3; 4];
    verifyEqual(testCase, predict(fitctree(X, [5; 5; 7; 7], 'MinParentSize', 2), X), [5; 5; 7; 7]);
    flags = [true; true; false; false];
    verifyEqual(testCase, predict(fitctree(X, flags, 'MinParentSize', 2), X), flags);
end

function testRowsWithoutALabelAreLeftOut(testCase)
    tree = fitctree([1; 2; 3], {'a'; ''; 'b'}, 'MinParentSize', 2);
    verifyEqual(testCase, tree.NumObservations, 2);
end

function testTheSameSeedGivesTheSameCrossValidation(testCase)
    tree = fitctree(testCase.TestData.Iris, 'species');
    rng(4);
    first = kfoldPredict(crossval(tree));
    rng(4);
    verifyEqual(testCase, kfoldPredict(tree.crossval()), first);
end

function testASavedTreePredictsAsBefore(testCase)
    model = fitctree(testCase.TestData.Iris, 'species');
    file = [tempname() '.mat'];
    save(file, 'model');
    content = load(file);
    delete(file);
    verifyEqual(testCase, class(content.model), 'ClassificationTree');
    verifyEqual(testCase, content.model.predict(testCase.TestData.Iris), resubPredict(model));
    verifyEqual(testCase, loss(content.model, testCase.TestData.Iris), resubLoss(model));
end

function testMistakesCarryIdentifiers(testCase)
    X = [1; 2];
    y = [1; 2];
    verifyError(testCase, @() fitctree(X, [1; 2; 3]), 'octave_compat:fit:size');
    verifyError(testCase, @() fitctree(X, [NaN; NaN]), 'octave_compat:fit:noData');
    verifyError(testCase, @() fitctree(X, y, 'MinLeafSize', 0), 'octave_compat:fitctree:option');
    verifyError(testCase, @() fitctree(X, y, 'MaxNumSplits', 'two'), ...
                'octave_compat:fitctree:option');
    verifyError(testCase, @() fitctree(X, y, 'SplitCriterion', 'x'), ...
                'octave_compat:fitctree:option');
    verifyError(testCase, @() fitctree(table({'a'; 'b'}, y), y), ...
                'octave_compat:fit:predictors');
    tree = fitctree(X, y);
    verifyError(testCase, @() predict(tree, [1, 2]), 'octave_compat:predict:size');
    verifyError(testCase, @() tree.Nope, 'octave_compat:object:property');
end
