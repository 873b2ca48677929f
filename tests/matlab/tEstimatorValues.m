function tests = tEstimatorValues
%TESTIMATORVALUES  Values of hyperparameters, variables and tags are sent unchanged, or refused.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    hOwnProject(testCase);
end

function teardown(testCase)
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Folder);
end

function testHyperParametersAreWhatTheyWereOrRefused(testCase)
    text = hProject(testCase, 'HyperParameters', ...
                    struct('Prefix', '', 'Rate', 1e-5, 'Count', int8(3), 'Two', [true, false], ...
                           'Big', 2^53 - 1));
    verifySubstring(testCase, text, ...
                    sprintf(['  hyperparameters:\n    Prefix: ""\n    Rate: 1e-05\n' ...
                             '    Count: 3\n    Two: [true, false]\n    Big: 9007199254740991\n']));
    refused = {[0, 1; 5, 0], [1; 2], {[1, 2], [3, 4]}, NaN, -Inf, {1, NaN}, 3 + 4i, [], {}, ...
               int64(9007199254740993), struct('a', 1), ['ab'; 'cd'], {'a'; 'b'}, @sin, {{1}}};
    for k = 1:numel(refused)
        given = struct('Given', refused(k));
        verifyError(testCase, @() hEstimator(testCase, 'HyperParameters', given), ...
                    'sagemaker:input:hyperParameters');
    end
    verifyError(testCase, @() hEstimator(testCase, 'HyperParameters', 3), ...
                'sagemaker:input:hyperParameters');
    estimator = hEstimator(testCase);
    estimator.HyperParameters = struct('Given', NaN);  % fit checks values that are set later
    verifyError(testCase, @() estimator.fit('training', testCase.TestData.Data), ...
                'sagemaker:input:hyperParameters');
end

function testMetricsComeAsStructMapOrAsAwsHasThem(testCase)
    pattern = 'accuracy: ([0-9.]+)';
    given = {struct('accuracy', pattern), containers.Map({'accuracy'}, {pattern}), ...
             {'accuracy', pattern}, struct('Name', 'accuracy', 'Regex', pattern)};
    for k = 1:numel(given)
        text = hProject(testCase, 'MetricDefinitions', given{k});
        verifySubstring(testCase, text, ...
                        sprintf('  metrics:\n    accuracy: "accuracy: ([0-9.]+)"\n'));
    end
    for wrong = {struct('accuracy', 'accuracy: [0-9]+'), 'accuracy', struct('accuracy', 3)}
        verifyError(testCase, @() hEstimator(testCase, 'MetricDefinitions', wrong{1}), ...
                    'sagemaker:input:metricDefinitions');
    end
end

function testEmptyVariablesAndTagsStay(testCase)
    text = hProject(testCase, 'Environment', {'EMPTY', ''}, 'Tags', {'mark', ''});
    verifySubstring(testCase, text, sprintf('  environment:\n    EMPTY: ""\n'));
    verifySubstring(testCase, text, sprintf('  tags:\n    mark: ""\n'));
    verifyError(testCase, @() hEstimator(testCase, 'Environment', struct('A', [1, 2])), ...
                'sagemaker:input:environment');
end
