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
    log = evalc('try, sagemaker.check(given{:}); catch err, disp(err.message), end');
    verifySubstring(testCase, log, 'with ''Config''');
    verifyError(testCase, @() sagemaker.check(given{:}), 'sagemaker:check:failed');
    verifyError(testCase, @() sagemaker.rehearse(given{:}), 'sagemaker:rehearse:failed');
end

function testTheNameOfAnOptionIsChecked(testCase)
    given = {'contenttype', 'text/csv'};
    options = sagemaker.internal.verbOptions(given, {'ContentType'}, 'rehearse');
    verifyEqual(testCase, options, {'--content-type', 'text/csv'});
    wrong = 'sagemaker:input:option';
    verifyError(testCase, @() sagemaker.rehearse('Onlyy', 'training'), wrong);
    verifyError(testCase, @() sagemaker.check('Folder', 'pump'), wrong);
    verifyError(testCase, @() sagemaker.doctor('Projct', 'pump'), wrong);
end

function testWhatAreNoPairsOfTextIsRefused(testCase)
    verifyError(testCase, @() sagemaker.internal.verbOptions({'Only'}), 'sagemaker:options:pairs');
    verifyError(testCase, @() sagemaker.internal.verbOptions({'Only', 1}), ...
                'sagemaker:options:pairs');
end
