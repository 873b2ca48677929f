function tests = tVerbOptions
%TVERBOPTIONS  Name-value pairs as options of a command of the kit.
    tests = functiontests(localfunctions);
end

function testNamesBecomeOptionsAndValuesStayAsTheyAre(testCase)
    options = sagemaker.internal.verbOptions( ...
        {'Only', 'training', 'ContentType', 'text/CSV'}, 'rehearse');
    verifyEqual(testCase, options, {'--only', 'training', '--content-type', 'text/CSV'});
end

function testNoPairsAreNoOptions(testCase)
    verifyEmpty(testCase, sagemaker.internal.verbOptions({}, 'init'));
end

function testCheckAndRehearseSayThatTheirCommandFailed(testCase)
    given = {'Config', 'no/such/sagemaker.yml'};
    log = evalc('try, sagemaker.check(given{:}); catch err, disp(err.message), end');
    verifySubstring(testCase, log, 'no file ''no/such/sagemaker.yml''');
    verifySubstring(testCase, log, 'with ''Config''');
    verifyError(testCase, @() sagemaker.check(given{:}), 'sagemaker:check:failed');
    verifyError(testCase, @() sagemaker.rehearse(given{:}), 'sagemaker:rehearse:failed');
    verifyError(testCase, @() sagemaker.check('Config', ''), 'sagemaker:input:config');
end

function testTheNameOfAnOptionIsChecked(testCase)
    given = {'contenttype', 'text/csv'};
    options = sagemaker.internal.verbOptions(given, 'rehearse', {'ContentType'});
    verifyEqual(testCase, options, {'--content-type', 'text/csv'});
    wrong = 'sagemaker:input:option';
    verifyError(testCase, @() sagemaker.rehearse('Onlyy', 'training'), wrong);
    verifyError(testCase, @() sagemaker.check('Folder', 'pump'), wrong);
    verifyError(testCase, @() sagemaker.doctor('Projct', 'pump'), wrong);
end

function testAnErrorShowsTheNameAsItWasTyped(testCase)
    log = evalc(['try, sagemaker.rehearse(''SecurityGroupIds'', ''sg-1''); ' ...
                 'catch err, disp(err.message), end']);
    verifySubstring(testCase, log, 'rehearse has no option ''SecurityGroupIds''');
end

function testWhatAreNoPairsOfTextIsRefused(testCase)
    made = @(varargin) sagemaker.internal.verbOptions(varargin, 'init');
    verifyError(testCase, @() made('Only'), 'sagemaker:input:pairs');
    verifyError(testCase, @() made('Only', 1), 'sagemaker:input:only');
    verifyError(testCase, @() made(1, 'training'), 'sagemaker:input:option');
end
