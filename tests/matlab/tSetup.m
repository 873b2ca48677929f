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

function testWhatIsWrongIsAnError(testCase)
    verifyError(testCase, @() sagemaker.doctor('Runner', answering(2)), 'sagemaker:doctor:failed');
    verifyError(testCase, @() sagemaker.doctor('Region'), 'sagemaker:options:pairs');
end
