function tests = tDiscriminant
%TDISCRIMINANT  Linear discriminant analysis on Octave: published results for iris, calls, errors.
    tests = functiontests(localfunctions);
end

function setupOnce(testCase)
    root = fileparts(fileparts(fileparts(fileparts(mfilename('fullpath')))));
    testCase.TestData.Iris = readtable(fullfile(root, 'examples', ...
                                                'TrainAndDeployClassificationTree', ...
                                                'data', 'training', 'iris.csv'));
end

function testIrisHasItsPublishedDiscriminantFunctions(testCase)
    % Source: SAS/STAT User's Guide, The DISCRIM Procedure, iris in mm.
    constants = [-85.20986, -71.75400, -103.26971];
    linear = [2.35442, 1.56982, 1.24458; 2.35879, 0.70725, 0.36853; ...
              -1.64306, 0.52115, 1.27665; -1.73984, 0.64342, 2.10791];
    model = fitcdiscr(testCase.TestData.Iris, 'species');
    for pair = [1, 1, 2; 2, 3, 3]
        between = model.Coeffs(pair(1), pair(2));
        verifyEqual(testCase, between.Const, constants(pair(1)) - constants(pair(2)), ...
                    'AbsTol', 2e-5);
        verifyEqual(testCase, between.Linear, ...
                    10 * (linear(:, pair(1)) - linear(:, pair(2))), 'AbsTol', 2e-4);
    end
end

function testIrisIsClassifiedAsPublished(testCase)
    % Two versicolor and one virginica are misclassified, in resubstitution and with leave-one-out,
    % as in SAS and R. The posterior probabilities of row 71 are those of R's MASS::lda.
    T = testCase.TestData.Iris;
    model = fitcdiscr(T, 'species');
    verifyEqual(testCase, resubLoss(model), 3 / 150, 'AbsTol', 1e-12);
    wrong = ~strcmp(resubPredict(model), T.species);
    verifyEqual(testCase, T.species(wrong), {'versicolor'; 'versicolor'; 'virginica'});
    left = crossval(model, 'Leaveout', 'on');
    verifyEqual(testCase, kfoldLoss(left), 3 / 150, 'AbsTol', 1e-12);
    [label, score, cost] = predict(model, T(71, :));
    verifyEqual(testCase, label, {'virginica'});
    verifyEqual(testCase, score, [7.408118e-28, 0.2532282, 0.7467718], 'AbsTol', 1e-7);
    verifyEqual(testCase, cost, 1 - score, 'AbsTol', 1e-12);
end

function testAPriorMovesTheBorderAndTablesGoByName(testCase)
    X = [0; 2; 4; 6];
    y = [1; 1; 2; 2];
    model = fitcdiscr(X, y);
    verifyEqual(testCase, predict(model, [2.9; 3.1; NaN]), [1; 2; 1]);
    model = fitcdiscr(X, y, 'Prior', [0.9, 0.1]);
    verifyEqual(testCase, predict(model, 3.1), 1);
    T = testCase.TestData.Iris;
    model = fitcdiscr(T(:, 1:4), T(:, 'species'));
    verifyEqual(testCase, model.ResponseName, 'species');
    verifyEqual(testCase, predict(model, T(:, [5, 4, 3, 2, 1])), resubPredict(model));
    tree = fitctree(T(:, 1:4), T(:, 'species'));
    verifyEqual(testCase, tree.ResponseName, 'species');
end

function testAModelSurvivesSavingAndLoading(testCase)
    model = fitcdiscr(testCase.TestData.Iris, 'species');
    file = [tempname(), '.mat'];
    save(file, 'model', '-v7');
    back = load(file);
    delete(file);
    verifyEqual(testCase, resubPredict(back.model), resubPredict(model));
end

function testMistakesAreSaid(testCase)
    X = [1, 2; 2, 4; 3, 6; 5, 10];
    y = [1; 1; 2; 2];
    verifyError(testCase, @() fitcdiscr(X, y), 'octave_compat:fitcdiscr:singular');
    verifyError(testCase, @() fitcdiscr(X(:, 1), y, 'Prior', [1, 2, 3]), ...
                'octave_compat:fitcdiscr:option');
    verifyError(testCase, @() fitcdiscr(X(:, 1), y, 'DiscrimType', 'quadratic'), ...
                'octave_compat:fitcdiscr:option');
    verifyError(testCase, @() fitcdiscr(X(:, 1), table(y, y + 1)), 'octave_compat:fit:response');
end

function testNameValueWithAnEqualsSignIsSaidToBeMatlabsOnly(testCase)
    T = testCase.TestData.Iris;
    calls = {'fitctree(T, ''species'', MinLeafSize=3)', ...
             'fitcdiscr(T, ''species'', Prior=1)', ...
             'readtable(''x.csv'', NumHeaderLines=1)', ...
             'writetable(T, ''x.csv'', Delimiter='';'')', ...
             'crossval(fitctree(T, ''species''), KFold=5)', ...
             'tabularTextDatastore(''.'', IncludeSubfolders=true)', ...
             'table([1; 2], VariableNames={''a''})', 'array2table([1, 2], VariableNames={''a''})'};
    for k = 1:numel(calls)
        verifyError(testCase, @() evaluated(calls{k}, T), 'octave_compat:nameValue', calls{k});
    end
end

function evaluated(text, T)
    eval([text ';']);
end
