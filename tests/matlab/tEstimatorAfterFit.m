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

function testWhatIsServedOfAnAttachedJobIsWhatFitServes(testCase)
    % Only the model is named differently: by the training, or by its S3 URI. It is the same model.
    options = {'Engine', 'matlab', 'MATLABRelease', 'R2024a', 'Subnets', {'subnet-1'}, ...
               'SecurityGroupsIds', 'sg-1', 'Tags', {'team', 'pumps'}};
    fitted = hEstimator(testCase, options{:});
    evalc('fitted.fit(''training'', testCase.TestData.Data)');
    evalc('fitted.deploy(''server'', ''OwnHandler'', 2, ''ml.m5.xlarge'')');
    first = hKitCall(testCase, 'deploy project');
    files = hKitCall(testCase, 'deploy files');
    session = testCase.TestData.Session;
    evalc('attached = sagemaker.MATLABEstimator.attach(''own-abc234-1'', session)');
    for k = 1:2:numel(options)
        attached.(options{k}) = options{k + 1};
    end
    evalc('attached.deploy(''server'', ''OwnHandler'', 2, ''ml.m5.xlarge'')');
    second = hKitCall(testCase, 'deploy project');
    for line = {'name: own', '  engine: matlab', '  release: R2024a', 'inference:', ...
                '  handler: OwnHandler', 'endpoint:', '  instance_count: 2', ...
                '  serving_role: server', '    subnets: [subnet-1]', '    team: pumps'}
        verifySubstring(testCase, first, line{1});
        verifySubstring(testCase, second, line{1});
    end
    isHandlers = strncmp(files, 'inference/', 10);
    verifyEqual(testCase, hKitCall(testCase, 'deploy files'), ...
                [files(isHandlers), {'sagemaker.yml'}]);
end

function testWriteProjectServesWhatDeployHasServed(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    evalc('estimator.deploy(''server'', ''OwnHandler'', 2, ''ml.m5.xlarge'')');
    folder = fullfile(testCase.TestData.Folder, 'repository');
    evalc('estimator.writeProject(folder, ''OwnHandler'')');
    verifyEqual(testCase, fileread(fullfile(folder, 'sagemaker.yml')), ...
                hKitCall(testCase, 'deploy project'));
end

function testWriteProjectOfAnAttachedJobSaysWhatIsNotKnown(testCase)
    session = testCase.TestData.Session;
    evalc('attached = sagemaker.MATLABEstimator.attach(''own-abc234-1'', session)');
    folder = fullfile(testCase.TestData.Folder, 'repository');
    try
        attached.writeProject(folder, '');
    catch err
        verifyEqual(testCase, err.identifier, 'sagemaker:writeProject:channels');
        verifySubstring(testCase, err.message, 'Set TrainingFunction');
    end
    call = {folder, '', 'training', testCase.TestData.Data};
    verifyError(testCase, @() attached.writeProject(call{:}), 'sagemaker:input:trainingFunction');
    attached.TrainingFunction = @trainOwnModel;
    evalc('attached.writeProject(call{:})');
    verifySubstring(testCase, fileread(fullfile(folder, 'sagemaker.yml')), 'trainOwnModel');
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

function testATrainingThatFailsWhileDeployWaitsIsDeploysError(testCase)
    answers = containers.Map('KeyType', 'char', 'ValueType', 'any');
    answers('status') = 'InProgress';
    session = sagemaker.Session('Runner', @(varargin) failing(answers, varargin{:}));
    estimator = hEstimator(testCase, 'Session', session);
    evalc('estimator.fit(''training'', testCase.TestData.Data, ''Wait'', false)');
    verifyError(testCase, @() estimator.deploy('', ''), 'sagemaker:deploy:trainingFailed');
end

function [code, text] = failing(answers, verb, options, folder)
    % A job that fails while it is followed.
    if any(strcmp(options, '--follow'))
        answers('status') = 'Failed';
    end
    [code, text] = ended(answers('status'), options);
    if strcmp(verb, 'train')
        text = '{"job-name": "own-abc234-1"}';
    end
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
