function tests = tSetup
%TSETUP  sagemaker.setup and sagemaker.doctor: what they run, show and raise.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Folder = tempname();
    mkdir(testCase.TestData.Folder);
    testCase.TestData.Before = cd(testCase.TestData.Folder);
end

function teardown(testCase)
    cd(testCase.TestData.Before);
    hRemoveFolder(testCase.TestData.Folder);
end

function [runner, calls] = answering(codes)
    % A runner that returns the exit codes CODES one after the other, and records its arguments.
    calls = containers.Map('KeyType', 'double', 'ValueType', 'any');
    runner = @(varargin) remember(calls, codes, varargin);
end

function code = remember(calls, codes, given)
    number = double(calls.Count) + 1;
    calls(number) = given;
    code = codes(number);
end

function options = examined(calls, runner, varargin)
    % The options that sagemaker.doctor passes to its runner.
    sagemaker.doctor(varargin{:}, 'Runner', runner);
    given = calls(1);
    options = given{2};
end

function testTheEnvironmentIsMadeInTwoStepsThatAreShown(testCase)
    [runner, calls] = answering([0, 0]);
    [log, identifier] = hSetUp(runner);
    verifyEqual(testCase, identifier, '');
    second = calls(2);
    verifyEqual(testCase, second{1}(2:3), {'environment', 'runtime'});
    verifyEqual(testCase, exist(second{1}{1}, 'file'), 2);
    verifySubstring(testCase, log, '[1/2] Python');
    verifySubstring(testCase, log, '[2/2]');
    verifySubstring(testCase, log, 'sagemaker.doctor');
end

function testWithoutPythonNothingIsInstalled(testCase)
    [runner, calls] = answering(127);
    [~, identifier] = hSetUp(runner);
    verifyEqual(testCase, identifier, 'sagemaker:setup:python');
    verifyEqual(testCase, double(calls.Count), 1);
end

function testPackagesThatCannotBeInstalledAreAnError(testCase)
    [~, identifier] = hSetUp(answering([0, 1]));
    verifyEqual(testCase, identifier, 'sagemaker:setup:failed');
end

function testTheDemosNameForSetupWorks(testCase)
    % Without Python on the path, so that nothing is installed.
    nowhere = sagemaker.internal.setVariables({'PATH'}, {testCase.TestData.Folder});
    raised = '';
    try
        log = evalc('sagemaker.pyenv(''ignored'')');
    catch err
        raised = err.identifier;
    end
    verifyEqual(testCase, raised, 'sagemaker:setup:python');
end

function testInitWritesIntoAFolder(testCase)
    [runner, calls] = answering([0, 0, 1]);
    sagemaker.init('repository', 'Runner', runner, 'Region', 'eu-west-1', 'DryRun', true);
    verifyEqual(testCase, calls(1), {'init', {'--folder', 'repository', '--yes', '--region', ...
                                              'eu-west-1', '--dry-run'}});
    hWriteText('sagemaker.yml', 'name: mine');
    log = evalc('sagemaker.init(''.'', ''Runner'', runner)');
    verifySubstring(testCase, log, 'sagemaker.rehearse');
    verifyEqual(testCase, calls(2), {'init', {'--folder', '.', '--yes', '--workflows'}});
    verifyError(testCase, @() sagemaker.init('.', 'Runner', runner), 'sagemaker:init:failed');
    verifyError(testCase, @() sagemaker.init('.', 'Region'), 'sagemaker:input:pairs');
    verifyError(testCase, @() sagemaker.init('.', 'Runner'), 'sagemaker:input:pairs');
end

function testAnOptionWithoutAValueIsLeftOutIfItIsFalse(testCase)
    [runner, calls] = answering(0);
    evalc(['sagemaker.init(''.'', ''DryRun'', false, ''Kit'', ''a/b'', ''Force'', true, ' ...
           '''Runner'', runner)']);
    verifyEqual(testCase, calls(1), {'init', {'--folder', '.', '--yes', '--kit', 'a/b', ...
                                              '--force'}});
end

function testInitRefusesOptionsThatAreNoPairs(testCase)
    [runner, calls] = answering(0);
    verifyError(testCase, @() sagemaker.init('.', 'x', false, 'y', 'Runner', runner), ...
                'sagemaker:input:pairs');
    wrong = {{false, 'x'}, 'option'; {true, 'x'}, 'option'; {'Instance', 0}, 'instance'; ...
             {'Instance', 1}, 'instance'};
    for k = 1:size(wrong, 1)
        verifyError(testCase, @() sagemaker.init('.', 'Runner', runner, wrong{k, 1}{:}), ...
                    ['sagemaker:input:' wrong{k, 2}]);
    end
    verifyEqual(testCase, calls.Count, uint64(0));
end

function testPythonGetsItsWordsAsTheyAre(testCase)
    words = {'-c', 'import sys; sys.exit(sys.argv[1:] != ["it''s", "a b", "$HOME"])', ...
             'it''s', 'a b', '$HOME'};
    verifyEqual(testCase, sagemaker.internal.runPython(words), 0);
    words{end} = 'other';
    verifyEqual(testCase, sagemaker.internal.runPython(words), 1);
end

function testTheDoctorLooksAtTheProjectOfTheFolder(testCase)
    hWriteText('sagemaker.yml', 'name: mine');
    [runner, calls] = answering(0);
    verifyEqual(testCase, examined(calls, runner, 'Region', 'eu-west-1'), ...
                {'--region', 'eu-west-1'});
end

function testOnlyTheFolderItselfIsLookedAtForAProject(testCase)
    other = fullfile(testCase.TestData.Folder, 'other');
    mkdir(other);
    hWriteText(fullfile(other, 'sagemaker.yml'), 'name: other');
    before = path();
    restore = onCleanup(@() path(before));
    addpath(other);
    [runner, calls] = answering(0);
    options = examined(calls, runner);
    verifyEqual(testCase, options{1}, '--config');
end

function testAnotherProjectMayBeNamed(testCase)
    [runner, calls] = answering(0);
    verifyEqual(testCase, examined(calls, runner, 'Config', 'a/sagemaker.yml'), ...
                {'--config', 'a/sagemaker.yml'});
end

function testWithoutAProjectTheDoctorLooksAtTheStepsOfAnEstimator(testCase)
    [runner, calls] = answering(0);
    options = examined(calls, runner, 'Region', 'eu-west-1');
    verifyEqual(testCase, options([1, 3, 5:6]), {'--config', '--steps', '--region', 'eu-west-1'});
    verifySubstring(testCase, options{4}, 'train');
    verifyEqual(testCase, exist(options{2}, 'file'), 0, 'the project is removed');
    [runner, calls] = answering(0);
    options = examined(calls, runner, 'Steps', 'train');
    verifyEqual(testCase, options([1, 3, 4]), {'--config', '--steps', 'train'});
end

function testTheDoctorTakesProjectAndProfileOfTheScripts(testCase)
    seen = containers.Map('KeyType', 'char', 'ValueType', 'any');
    runner = @(verb, options) look(seen, options);
    sagemaker.doctor('Project', 'pump-faults', 'Profile', 'research', 'Runner', runner);
    verifySubstring(testCase, seen('project'), 'name: pump-faults');
    verifyEqual(testCase, seen('profile'), 'research');
    options = seen('options');
    verifyEqual(testCase, options(1:2:end), {'--config', '--steps'});
end

function testTheDoctorSaysThatItHasNoSagemakerYml(testCase)
    runner = answering(0);
    log = evalc('sagemaker.doctor(''Project'', ''pump'', ''Runner'', runner)');
    verifySubstring(testCase, log, 'There is no sagemaker.yml in this folder');
    verifySubstring(testCase, log, 'project pump');
end

function testAProjectIsNotNamedBesideASagemakerYml(testCase)
    hWriteText('sagemaker.yml', 'name: mine');
    runner = answering(0);
    verifyError(testCase, @() sagemaker.doctor('Project', 'other', 'Runner', runner), ...
                'sagemaker:input:project');
end

function code = look(seen, options)
    seen('project') = fileread(options{2});
    seen('profile') = getenv('AWS_PROFILE');
    seen('options') = options;
    code = 0;
end

function testWhatIsWrongIsAnError(testCase)
    verifyError(testCase, @() sagemaker.doctor('Runner', answering(2)), 'sagemaker:doctor:failed');
    verifyError(testCase, @() sagemaker.doctor('Region'), 'sagemaker:input:pairs');
end

function testTheDoctorsOptionsAreChecked(testCase)
    wrong = {'Profile', 'profile'; 'Project', 'project'; 'Region', 'region'; ...
             'BatchTokenSecret', 'batchTokenSecret'};
    for k = 1:size(wrong, 1)
        verifyError(testCase, @() sagemaker.doctor(wrong{k, 1}, 5, 'Runner', answering(0)), ...
                    ['sagemaker:input:' wrong{k, 2}]);
    end
end

function testOfTwoEqualOptionsTheLastOneCounts(testCase)
    log = evalc(['sagemaker.doctor(''Project'', ''first'', ''Project'', ''last'', ' ...
                 '''Runner'', answering(0))']);
    verifySubstring(testCase, log, 'project last');
end
