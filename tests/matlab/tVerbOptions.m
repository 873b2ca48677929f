function tests = tVerbOptions
%TVERBOPTIONS  Name-value pairs as options of a command of the kit.
    tests = functiontests(localfunctions);
end

function testNamesBecomeOptionsAndValuesStayAsTheyAre(testCase)
    options = sagemaker.internal.verbOptions({'Only', 'training', 'ContentType', 'text/CSV'});
    verifyEqual(testCase, options, {'--only', 'training', '--content-type', 'text/CSV'});
end

function testNoPairsAreNoOptions(testCase)
    verifyEmpty(testCase, sagemaker.internal.verbOptions({}));
end

function testCheckAndRehearseSayThatTheirCommandFailed(testCase)
    given = {'Config', 'no/such/sagemaker.yml'};
    verifyError(testCase, @() sagemaker.check(given{:}), 'sagemaker:check:failed');
    verifyError(testCase, @() sagemaker.rehearse(given{:}), 'sagemaker:rehearse:failed');
end

function testWhatAreNoPairsOfTextIsRefused(testCase)
    verifyError(testCase, @() sagemaker.internal.verbOptions({'Only'}), 'sagemaker:options:pairs');
    verifyError(testCase, @() sagemaker.internal.verbOptions({'Only', 1}), ...
                'sagemaker:options:pairs');
end
