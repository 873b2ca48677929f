function tests = tAnonymousFunction
%TANONYMOUSFUNCTION  How an anonymous training function is sent with a job.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    hOwnProject(testCase);
    testCase.TestData.Code = fullfile(testCase.TestData.Folder, 'code');
end

function teardown(testCase)
    path(testCase.TestData.Path);
    clear('sagemaker_training_function');
    hRemoveFolder(testCase.TestData.Folder);
end

function name = packaged(testCase, f)
    code = testCase.TestData.Code;
    [log, name] = evalc('sagemaker.internal.packageFunction(f, code)');
end

function y = localHelp(x)
    y = x;
end

function testAnAnonymousFunctionDoesInTheJobWhatItDoesHere(testCase)
    text = 'it''s % 3';
    f = @(env, varargin) fprintf('%s %d %s\n', text, env, varargin{2});
    packaged(testCase, f);
    code = testCase.TestData.Code;
    addpath(code);
    here = evalc('f(7, ''Name'', ''value'')');
    verifyEqual(testCase, evalc('sagemaker_training_function(7, ''Name'', ''value'')'), here);
end

function f = sharingNames(env, varargin)
    % A function that has captured variables with the same names as those in the file for the job.
    kept = 'k';
    made = 'm';
    training = 't';
    f = @(e) fprintf('%s %s %s %s %s %d\n', env, varargin{:}, kept, made, training, e);
end

function testACapturedVariableMayHaveAnyName(testCase)
    f = sharingNames('a', 'b');
    here = evalc('f(7)');
    packaged(testCase, f);
    addpath(testCase.TestData.Code);
    verifyEqual(testCase, evalc('sagemaker_training_function(7)'), here);
end

function testAFunctionOfTheUsersMayBeCalledAsTheKitsAre(testCase)
    folder = fullfile(testCase.TestData.Folder, 'own');
    for name = {'trainingFunction', 'makeFunction', 'sagemaker_training_function'}
        hWriteText(fullfile(folder, [name{1} '.m']), ...
                   sprintf('function %s(env)\ndisp(''%s'');\nend\n', name{1}, name{1}));
    end
    rehash();
    verifyError(testCase, @() packaged(testCase, ...
                @(env, varargin) sagemaker_training_function(env)), ...
                'sagemaker:trainingFunction:local');
    f = @(env, varargin) trainingFunction(env);
    packaged(testCase, f);
    delete(fullfile(folder, 'sagemaker_training_function.m'));
    addpath(testCase.TestData.Code);
    rehash();
    verifyEqual(testCase, strtrim(evalc('sagemaker_training_function(1)')), 'trainingFunction');
    rmpath(testCase.TestData.Code);
    f = @(env, varargin) makeFunction(env);
    packaged(testCase, f);
    addpath(testCase.TestData.Code);
    clear('sagemaker_training_function');
    verifyEqual(testCase, strtrim(evalc('sagemaker_training_function(1)')), 'makeFunction');
end

function testALocalFunctionBetweenTransposesIsSeen(testCase)
    f = @(env, varargin) disp([1, 2]' * localHelp(3)');
    if strcmp(sagemaker.internal.engine(), 'octave')
        verifyError(testCase, @() packaged(testCase, f), 'sagemaker:trainingFunction:local');
    else
        name = packaged(testCase, f);
        verifyTrue(testCase, isfile(fullfile(testCase.TestData.Code, [name '.mat'])));
        verifyTrue(testCase, isfile(fullfile(testCase.TestData.Code, 'tAnonymousFunction.m')));
    end
    f = @(env, varargin) disp(['localHelp(3) isn''t' 'localHelp(3)']);
    verifyEqual(testCase, packaged(testCase, f), 'sagemaker_training_function');
end

function testAMethodOfAModelIsNoLocalFunction(testCase)
    T = [1, 2];
    for f = {@(env, varargin) disp(resubLoss(fitctree(T, 'y'))), ...
             @(env, varargin) kfoldLoss(crossval(fitctree(T, 'y')))}
        verifyEqual(testCase, packaged(testCase, f{1}), 'sagemaker_training_function');
    end
end

function testInnerFunctionsAndTheirArgumentsAreKnown(testCase)
    f = @(env, varargin) cellfun(@(x) x(1) + sum(varargin{1}(end)), {1, 2});
    verifyEqual(testCase, packaged(testCase, f), 'sagemaker_training_function');
end
