function tests = tPackaging
%TPACKAGING  Which files of a training function are sent with a job.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    hOwnProject(testCase);
    folder = testCase.TestData.Folder;
    inside = fullfile(folder, 'packed', '+pumps');
    mkdir(fullfile(inside, 'private'));
    hWriteText(fullfile(inside, 'train.m'), ...
               sprintf('function train(env, varargin)\npumps.scale(hidden(1));\nend\n'));
    hWriteText(fullfile(inside, 'scale.m'), sprintf('function y = scale(x)\ny = x;\nend\n'));
    hWriteText(fullfile(inside, 'private', 'hidden.m'), ...
               sprintf('function y = hidden(x)\ny = x;\nend\n'));
    addpath(fullfile(folder, 'packed'));
    testCase.TestData.Code = fullfile(folder, 'code');
end

function teardown(testCase)
    path(testCase.TestData.Path);
    clear('sagemaker_training_function');
    hRemoveFolder(testCase.TestData.Folder);
end

function [name, log] = packaged(testCase, f)
    code = testCase.TestData.Code;
    [log, name] = evalc('sagemaker.internal.packageFunction(f, code)');
end

function names = files(testCase)
    found = dir(testCase.TestData.Code);
    names = {found(~[found.isdir]).name};
end

function testANamedFunctionTravelsWithWhatItCallsAndThatIsSaid(testCase)
    [name, log] = packaged(testCase, @trainOwnModel);
    verifyEqual(testCase, name, 'trainOwnModel');
    verifyEqual(testCase, sort(files(testCase)), {'ownHelp.m', 'trainOwnModel.m'});
    verifySubstring(testCase, log, 'Files sent for trainOwnModel: ownHelp.m, trainOwnModel.m.');
end

function testAFunctionCanBeGivenByItsName(testCase)
    verifyEqual(testCase, packaged(testCase, 'trainOwnModel'), 'trainOwnModel');
    verifyEqual(testCase, sort(files(testCase)), {'ownHelp.m', 'trainOwnModel.m'});
end

function testAFunctionOfAPackageTravelsWithItsPackage(testCase)
    verifyEqual(testCase, packaged(testCase, @pumps.train), 'pumps.train');
    code = testCase.TestData.Code;
    for place = {'+pumps/train.m', '+pumps/scale.m', '+pumps/private/hidden.m'}
        verifyTrue(testCase, isfile(fullfile(code, place{1})), place{1});
    end
end

function testAnAnonymousFunctionTravelsAsItsTextAndItsVariables(testCase)
    threshold = 3;
    words = {'a', struct('b', [1, 2])};
    marks = containers.Map('KeyType', 'char', 'ValueType', 'any');
    f = @(env, varargin) setfield(env, 'sum', threshold + ownHelp(numel(words)));
    verifyEqual(testCase, packaged(testCase, f), 'sagemaker_training_function');
    verifyEqual(testCase, sort(files(testCase)), {'captured.mat', 'ownHelp.m', ...
                                                  'sagemaker_training_function.m'});
    kept = load(fullfile(testCase.TestData.Code, 'captured.mat'));
    verifyEqual(testCase, kept, struct('threshold', 3, 'words', {words}));
end

function testTheSameFunctionTravelsAsTheSameBytes(testCase)
    threshold = 3;
    f = @(env, varargin) disp(threshold);
    packaged(testCase, f);
    first = bytesOf(testCase, 'captured.mat');
    verifyEqual(testCase, strtrim(char(first(1:116))), ...
                'MATLAB 5.0 MAT-file, written by sagemaker.MATLABEstimator');
    packaged(testCase, f);
    verifyEqual(testCase, bytesOf(testCase, 'captured.mat'), first);
end

function bytes = bytesOf(testCase, name)
    handle = fopen(fullfile(testCase.TestData.Code, name), 'r');
    bytes = fread(handle, [1, Inf], '*uint8');
    fclose(handle);
end

function testWithoutVariablesThereIsNoMatFile(testCase)
    [~, log] = packaged(testCase, @(env, varargin) disp(1));
    verifySubstring(testCase, log, ...
                    'Files sent for the anonymous function: sagemaker_training_function.m.');
    verifyEqual(testCase, files(testCase), {'sagemaker_training_function.m'});
end

function testWhatAJobWouldNotFindIsRefused(testCase)
    verifyError(testCase, @() packaged(testCase, 'noSuchFunction'), ...
                'sagemaker:trainingFunction:notFound');
    verifyError(testCase, @() packaged(testCase, 3), 'sagemaker:trainingFunction:notFound');
end

function testWhatOctaveCannotSaveIsRefusedThere(testCase)
    if strcmp(sagemaker.internal.engine(), 'octave')
        inner = @(x) x + 1;
        verifyError(testCase, @() packaged(testCase, @(env, varargin) inner(1)), ...
                    'sagemaker:trainingFunction:captured');
        for f = {@localHelp, @(env, varargin) localHelp(env)}
            verifyError(testCase, @() packaged(testCase, f{1}), 'sagemaker:trainingFunction:local');
        end
    end
end

function y = localHelp(x)
    y = x;
end

function testTwoFilesOfOnePlaceAreRefused(testCase)
    folder = testCase.TestData.Folder;
    for place = {'own', 'other'}
        mkdir(fullfile(folder, place{1}, 'private'));
        hWriteText(fullfile(folder, place{1}, 'private', 'inner.m'), ...
                   sprintf('function inner()\nend\n'));
        hWriteText(fullfile(folder, place{1}, [place{1} 'Twice.m']), ...
                   sprintf('function %sTwice(env, varargin)\notherTwice();\ninner();\nend\n', ...
                           place{1}));
    end
    addpath(fullfile(folder, 'other'));
    verifyError(testCase, @() packaged(testCase, @ownTwice), 'sagemaker:trainingFunction:twice');
    verifyError(testCase, @() packaged(testCase, @(env, varargin) ownTwice(env)), ...
                'sagemaker:trainingFunction:twice');
end

function testAPrivateFunctionHidesOneOnThePath(testCase)
    folder = fullfile(testCase.TestData.Folder, 'own', 'private');
    mkdir(folder);
    hWriteText(fullfile(folder, 'ownHelp.m'), sprintf('function y = ownHelp(x)\ny = x;\nend\n'));
    rehash();
    packaged(testCase, @trainOwnModel);
    verifyTrue(testCase, isfile(fullfile(testCase.TestData.Code, 'private', 'ownHelp.m')));
    verifyFalse(testCase, isfile(fullfile(testCase.TestData.Code, 'ownHelp.m')));
end

function testAFileBelongsWhereItsPackagesHaveIt(testCase)
    folder = fullfile('home', '+a', '@b', 'private');
    [root, place] = sagemaker.internal.placeOf(fullfile(folder, 'f.m'));
    verifyEqual(testCase, root, 'home');
    verifyEqual(testCase, place, '+a/@b/private/f.m');
end

function testAFolderMayHaveAnySigns(testCase)
    folder = fullfile(testCase.TestData.Folder, 'code [1] $HOME ''x''');
    mkdir(folder);
    hWriteText(fullfile(folder, 'trainThere.m'), sprintf('function trainThere(env)\nend\n'));
    addpath(folder);
    packaged(testCase, @trainThere);
    verifyEqual(testCase, files(testCase), {'trainThere.m'});
end

function testProductsOfTheHandlerJoinOrAreSaid(testCase)
    [log, list] = evalc('sagemaker.internal.mergeProducts({''A''}, {''B'', ''A''}, false)');
    verifyEqual(testCase, {log, list}, {'', {'A', 'B'}});
    [log, list] = evalc('sagemaker.internal.mergeProducts({''A''}, {''B'', ''A''}, true)');
    verifyEqual(testCase, list, {'A'});
    verifySubstring(testCase, log, 'The handler needs B');
end

function testFoldersOfThePathMayBeRelative(testCase)
    before = cd(testCase.TestData.Folder);
    restore = onCleanup(@() cd(before));
    mkdir('near');
    addpath('near');
    folders = sagemaker.internal.userFolders();
    verifyTrue(testCase, any(strcmp(folders, fullfile(pwd(), 'near'))));
    rmpath('near');
end
