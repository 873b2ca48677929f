function tests = tEstimatorAfterFit
%TESTIMATORAFTERFIT  An estimator after fit keeps what fit used, and jobs without a model.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    hOwnProject(testCase);
end

function teardown(testCase)
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Folder);
end

function testDeployAndWriteProjectTakeWhatFitHas(testCase)
    % Even if the current folder, the path, the files and the options have changed since then.
    code = fullfile(testCase.TestData.Folder, 'own', 'trainOwnModel.m');
    before = cd(testCase.TestData.Folder);
    back = onCleanup(@() cd(before));
    estimator = hEstimator(testCase, 'HyperParameters', struct('Depth', 3));
    evalc('estimator.fit(''training'', ''flowers'')');
    trained = hKitCall(testCase, 'train project');
    cd(before);
    hWriteText(code, sprintf('function trainOwnModel(env)\n%% changed\nend\n'));
    hRemoveFolder(testCase.TestData.Data);
    estimator.HyperParameters = struct('Depth', 4);
    evalc('estimator.deploy('''', ''OwnHandler'')');
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), ...
                    trained(strfind(trained, 'training:'):strfind(trained, 'aws:') - 2));
    verifyEqual(testCase, hKitCall(testCase, 'deploy files'), ...
                {'code/ownHelp.m', 'code/trainOwnModel.m', 'data/training/iris.csv', ...
                 'inference/OwnHandler.m', 'sagemaker.yml'});
    folder = fullfile(testCase.TestData.Folder, 'repository');
    evalc('estimator.writeProject(folder, '''')');
    verifySubstring(testCase, fileread(fullfile(folder, 'sagemaker.yml')), 'Depth: 3');
    verifySubstring(testCase, fileread(fullfile(folder, 'code', 'trainOwnModel.m')), 'ownHelp(1)');
    verifyEqual(testCase, isfolder(fullfile(folder, 'inference')), false);
    kept = hKitCall(testCase, 'train folder');
    verifyTrue(testCase, isfolder(kept));
    clear('estimator');
    verifyEqual(testCase, isfolder(kept), false, 'nothing is left');
end

function testDeployDoesNotShowTheLogOfATrainingThatHasEnded(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    evalc('estimator.deploy('''', ''OwnHandler'')');
    verifyEqual(testCase, hKitCall(testCase, 'job'), 'own-abc234-1 --project own');
end

function testAJobWithoutAModelCanBeAttached(testCase)
    for status = {'Failed', 'Stopped'}
        runner = @(verb, options, folder) ended(status{1}, options);
        session = sagemaker.Session('Runner', runner);
        log = evalc('estimator = sagemaker.MATLABEstimator.attach(''own-abc234-1'', session);');
        verifySubstring(testCase, log, 'no model');
        job = estimator.LatestTrainingJob;
        verifyEqual(testCase, {job.Status, job.FailureReason}, {status{1}, 'line 3'});
        verifyError(testCase, @() estimator.deploy('', ''), 'sagemaker:deploy:trainingFailed');
    end
    session = sagemaker.Session('Runner', @(verb, options, folder) ended('InProgress', options));
    verifyError(testCase, @() sagemaker.MATLABEstimator.attach('own-abc234-1', session), ...
                'sagemaker:job:trainingFailed');
end

function [code, text] = ended(status, options)
    % Like the command job: only following a job without a model is an error.
    text = sprintf(['{"status": "%s", "secondary-status": "%s", "failure-reason": "line 3", ' ...
                    '"model-data": ""}'], status, status);
    code = 0;
    if any(strcmp(options, '--follow'))
        code = 1;
        text = '{"error": {"message": "m", "kind": "trainingFailed", "exit-code": 1}}';
    end
end
