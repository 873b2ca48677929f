function tests = tTrainingMain
%TTRAININGMAIN  sagemaker_training.main: exit code, failure file and environment.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Path = path();
    testCase.TestData.Folder = pwd();
    testCase.TestData.Base = hJobFolder('{"sagemaker_program": "userFunction", "depth": "3"}', ...
                                        '{"training": {"TrainingInputMode": "File"}}');
    setenv('SAGEMAKER_BASE_DIR', testCase.TestData.Base);
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    path(testCase.TestData.Path);
    clear('userFunction', 'helper');
    hRemoveFolder(testCase.TestData.Base);
end

function writeCode(testCase, name, lines)
    file = fullfile(testCase.TestData.Base, 'code', name);
    hWriteText(file, sprintf('%s\n', lines{:}));
    rehash();
end

function [code, failure, log] = runJob(testCase)
    [log, code] = evalc('sagemaker_training.main()');
    file = fullfile(testCase.TestData.Base, 'output', 'failure');
    failure = '';
    if exist(file, 'file') == 2
        failure = fileread(file);
    end
end

function testTheFunctionGetsTheEnvironmentAndItsHyperParameters(testCase)
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', ...
        'save(fullfile(env.ModelFolder, ''seen.mat''), ''varargin'', ''-v7'');', 'end'});
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 0);
    verifyEqual(testCase, failure, '');
    seen = load(fullfile(testCase.TestData.Base, 'model', 'seen.mat'));
    verifyEqual(testCase, seen.varargin, {'depth', 3});
end

function testHelpersAndFilesBesideTheFunctionAreFound(testCase)
    writeCode(testCase, 'helper.m', {'function helper(folder)', ...
        'copyfile(''data.txt'', fullfile(folder, ''data.txt''));', 'end'});
    writeCode(testCase, 'data.txt', {'hello'});
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', ...
        'helper(env.ModelFolder);', 'end'});
    verifyEqual(testCase, runJob(testCase), 0);
    verifyEqual(testCase, exist(fullfile(testCase.TestData.Base, 'model', 'data.txt'), 'file'), 2);
end

function testFoldersInTheCodeFolderAreOnThePathAsGenpathHasThem(testCase)
    for folder = {'lib', 'lib/deep', '+flora', 'private', 'resources'}
        mkdir(fullfile(testCase.TestData.Base, 'code', folder{1}));
    end
    writeCode(testCase, 'lib/deep/helper.m', {'function n = helper()', 'n = 1;', 'end'});
    writeCode(testCase, '+flora/inner.m', {'function n = inner()', 'n = 2;', 'end'});
    writeCode(testCase, 'private/hidden.m', {'function n = hidden()', 'n = 3;', 'end'});
    writeCode(testCase, 'resources/other.m', {'function n = other()', 'n = 4;', 'end'});
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', ...
        'n = [helper(), flora.inner(), hidden(), exist(''other'')];', ...
        'save(fullfile(env.ModelFolder, ''seen.mat''), ''n'', ''-v7'');', 'end'});
    verifyEqual(testCase, runJob(testCase), 0);
    seen = load(fullfile(testCase.TestData.Base, 'model', 'seen.mat'));
    verifyEqual(testCase, seen.n, [1, 2, 3, 0]);
end

function testFolderAndPathAreRestored(testCase)
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', 'end'});
    verifyEqual(testCase, runJob(testCase), 0);
    verifyEqual(testCase, pwd(), testCase.TestData.Folder);
    verifyEqual(testCase, path(), testCase.TestData.Path);
end

function testAnEntryPointRunsTheFunctionOfAGivenEnvironment(testCase)
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', ...
        'save(fullfile(env.ModelFolder, ''seen.mat''), ''varargin'', ''-v7'');', ...
        'error(''my:own'', ''no'');', 'end'});
    env = sagemaker_training.Environment('HyperParameters', ...
        struct('sagemaker_program', 'userFunction', 'name', 'a'));
    entryPoint = sagemaker_training.EntryPoint(env);
    verifyError(testCase, @() run(entryPoint), 'my:own');
    verifyEqual(testCase, entryPoint.Environment.UserEntryPoint, 'userFunction');
    seen = load(fullfile(env.ModelFolder, 'seen.mat'));
    verifyEqual(testCase, seen.varargin, {'name', 'a'});
end

function testAnErrorGivesCodeOneAndTheFailureFile(testCase)
    writeCode(testCase, 'userFunction.m', ...
              {'function userFunction(env, varargin)', 'inner(1);', 'end', ...
        'function inner(x)', 'error(''iris:data:rows'', ''%d rows are missing'', x);', 'end'});
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 1);
    lines = strsplit(failure, sprintf('\n'));
    verifyEqual(testCase, lines{1}, 'iris:data:rows: 1 rows are missing');
    verifyEqual(testCase, lines{2}, 'In inner (userFunction.m, line 5)');
    verifySubstring(testCase, failure, 'at userFunction (userFunction.m, line 2)');
end

function testACodeFileThatDoesNotParseIsNamedWithItsLine(testCase)
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', 'x = 1;', ...
        'y = ;', 'end'});
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 1);
    lines = strsplit(failure, sprintf('\n'));
    verifyEqual(testCase, lines{2}, 'In userFunction (userFunction.m, line 3)');
end

function testAMissingFunctionIsReportedWithTheFilesThatAreThere(testCase)
    writeCode(testCase, 'helper.m', {'function helper', 'end'});
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 1);
    verifyEqual(testCase, strncmp(failure, 'sagemaker_training:program:notFound: ', 37), true);
    verifySubstring(testCase, failure, 'helper.m');
end

function testAJobThatNamesNoFunctionFails(testCase)
    hWriteText(fullfile(testCase.TestData.Base, 'input', 'config', 'hyperparameters.json'), '{}');
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 1);
    verifyEqual(testCase, strncmp(failure, 'sagemaker_training:program:missing: ', 36), true);
end

function testAMissingConfigFileIsReportedInTheFailureFile(testCase)
    delete(fullfile(testCase.TestData.Base, 'input', 'config', 'resourceconfig.json'));
    [code, failure] = runJob(testCase);
    verifyEqual(testCase, code, 1);
    verifyEqual(testCase, strncmp(failure, 'sagemaker_training:config:missing: ', 35), true);
end

function testALongMessageKeepsTheLineOfTheError(testCase)
    writeCode(testCase, 'userFunction.m', {'function userFunction(env, varargin)', ...
        'error(''iris:long'', ''%s'', repmat(''ä'', 1, 3000));', 'end'});
    [~, failure] = runJob(testCase);
    verifyLessThanOrEqual(testCase, numel(unicode2native(failure, 'UTF-8')), 1024);
    lines = strsplit(failure, sprintf('\n'));
    verifyEqual(testCase, lines{2}, 'In userFunction (userFunction.m, line 2)');
    verifyEqual(testCase, lines{1}(end - 2:end), '...');
end
