function tests = tEstimatorCalls
%TESTIMATORCALLS  fit, deploy, attach and writeProject, with a fake of the kit's commands.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    hOwnProject(testCase);
end

function teardown(testCase)
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Folder);
    verifyEqual(testCase, getenv('MLM_LICENSE_TOKEN'), '');
end

function testFitBuildsTrainsAndKnowsTheModel(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyEqual(testCase, hKitCall(testCase, 'verbs'), {'build-training-image', 'train'});
    verifyEqual(testCase, hKitCall(testCase, 'train'), '--repository release');
    job = estimator.LatestTrainingJob;
    verifyEqual(testCase, job.Name, 'own-abc234-1');
    verifyEqual(testCase, estimator.ModelData, 's3://b/sealed/own/own-abc234-1/model.tar.gz');
    verifyEqual(testCase, hKitCall(testCase, 'train files'), ...
                {'code/ownHelp.m', 'code/trainOwnModel.m', 'data/training/iris.csv', ...
                 'sagemaker.yml'});
end

function testChannelsComeInEveryForm(testCase)
    estimator = hEstimator(testCase);
    file = fullfile(testCase.TestData.Data, 'iris.csv');
    flowers = table([1; 2], {'a'; 'b'}, 'VariableNames', {'x', 'kind'});
    evalc(['estimator.fit(''one'', ''s3://b/p/'', ''two'', struct(''Location'', ' ...
           '''s3://b/q/'', ''ContentType'', ''text/csv''), ''three'', file, ''four'', flowers)']);
    verifySubstring(testCase, hKitCall(testCase, 'train project'), ...
                    sprintf(['  channels:\n    one: s3://b/p/\n    two: s3://b/q/\n' ...
                             '    three: data/three\n    four: data/four\n']));
    files = hKitCall(testCase, 'train files');
    verifyEqual(testCase, files(3:4), {'data/four/four.csv', 'data/three/iris.csv'});
end

function testFitSaysWhatDeployNeedsBeforeAnythingIsBilled(testCase)
    text = sagemaker.internal.deployNeeds('matlab');
    estimator = hEstimator(testCase, 'Engine', 'matlab');
    log = evalc('estimator.fit(''training'', testCase.TestData.Data)');
    if ~isempty(text)  % this machine has no MATLAB Compiler SDK
        verifySubstring(testCase, log, text);
    end
end

function testTheJobOfATrainingThatFailedCanBeLookedAt(testCase)
    failed = ['{"found": false, "job-name": "own-abc234-1", ' ...
              '"error": {"message": "m", "kind": "trainingFailed", "exit-code": 1}}'];
    session = hFakeKit('train', failed, 'job', '{"training-job": "own-zzz234-7"}');
    estimator = hEstimator(testCase, 'Session', session);
    verifyError(testCase, @() estimator.fit('training', testCase.TestData.Data), ...
                'sagemaker:train:trainingFailed');
    job = estimator.LatestTrainingJob;
    verifyEqual(testCase, job.Name, 'own-abc234-1');
    session = hFakeKit('train', '{"error": {"message": "m", "kind": "aws", "exit-code": 5}}');
    estimator = hEstimator(testCase, 'Session', session);
    verifyError(testCase, @() estimator.fit('training', testCase.TestData.Data), ...
                'sagemaker:train:aws');
    verifyEmpty(testCase, estimator.LatestTrainingJob);
end

function testDataThatIsNotThereIsRefused(testCase)
    estimator = hEstimator(testCase);
    verifyError(testCase, @() estimator.fit('training', 'no/such/folder'), ...
                'sagemaker:channel:source');
    verifyError(testCase, @() estimator.fit('training', 3), 'sagemaker:channel:source');
    verifyError(testCase, @() estimator.fit(), 'sagemaker:fit:channels');
    verifyError(testCase, @() estimator.fit('training'), 'sagemaker:fit:channels');
end

function testFitMayNotWaitAndHaveAnotherName(testCase)
    estimator = hEstimator(testCase);
    log = evalc(['estimator.fit(''training'', testCase.TestData.Data, ''Wait'', false, ' ...
                 '''JobName'', ''Night_Run'')']);
    verifyEqual(testCase, hKitCall(testCase, 'train'), '--repository release --no-wait');
    verifySubstring(testCase, hKitCall(testCase, 'train project'), 'name: night-run');
    verifySubstring(testCase, log, 'The project is named night-run instead of Night_Run');
    evalc(['estimator.fit(''training'', testCase.TestData.Data, ''wait'', false, ' ...
           '''jobname'', ''again'')']);
    verifyEqual(testCase, hKitCall(testCase, 'train'), '--repository release --no-wait');
    verifySubstring(testCase, hKitCall(testCase, 'train project'), 'name: again');
end

function testWithoutANameTheProjectIsCalledByItsFunction(testCase)
    estimator = hEstimator(testCase, 'BaseJobName', '');
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    text = hKitCall(testCase, 'train project');
    verifySubstring(testCase, text, 'name: trainownmodel');
end

function testDeployTakesTheModelThatWasTrained(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    evalc('predictor = estimator.deploy(''server'', ''OwnHandler'', 2, ''ml.m5.xlarge'')');
    verifyEqual(testCase, predictor.EndpointName, 'own');
    verifyEqual(testCase, hKitCall(testCase, 'verbs'), ...
                {'build-training-image', 'train', 'job', 'compile-handler', 'deploy'});
    text = hKitCall(testCase, 'deploy project');
    verifySubstring(testCase, text, ...
                    sprintf('inference:\n  handler: OwnHandler\n  code: inference\n'));
    verifySubstring(testCase, text, sprintf(['endpoint:\n  name: own\n  instance_type: ' ...
                                             'ml.m5.xlarge\n  instance_count: 2\n']));
    verifySubstring(testCase, text, 'serving_role: server');
    verifySubstring(testCase, text, 'function: trainOwnModel');
    verifySubstring(testCase, strjoin(hKitCall(testCase, 'deploy files')), ...
                    'inference/OwnHandler.m');
end

function testDeployWithoutATrainingIsRefused(testCase)
    estimator = hEstimator(testCase);
    verifyError(testCase, @() estimator.deploy('', ''), 'sagemaker:deploy:notTrained');
end

function testAHandlerWithoutAFileIsRefused(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyError(testCase, @() estimator.deploy('', 'NoSuchHandler'), 'sagemaker:handler:notFound');
end

function testAnAttachedJobIsFollowedAndItsModelDeployed(testCase)
    session = testCase.TestData.Session;
    evalc('estimator = sagemaker.MATLABEstimator.attach(''own-abc234-1'', session)');
    verifyEqual(testCase, hKitCall(testCase, 'job'), 'own-abc234-1 --follow --project own');
    evalc('predictor = estimator.deploy('''', '''', 1, ''ml.m5.large'')');
    text = hKitCall(testCase, 'deploy project');
    verifySubstring(testCase, text, 'model: s3://b/sealed/own/own-abc234-1/model.tar.gz');
    estimator.Subnets = {'subnet-1'};
    estimator.SecurityGroupsIds = 'sg-1';
    estimator.Tags = {'team', 'pumps'};
    evalc('estimator.deploy('''', '''', 1, ''ml.m5.large'')');
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), sprintf( ...
        ['  vpc:\n    subnets: [subnet-1]\n    security_groups: [sg-1]\n' ...
         '  tags:\n    team: pumps\n']));
    verifySubstring(testCase, text, 'inference: {}');
    verifyEqual(testCase, predictor.EndpointName, 'own');
end

function testWriteProjectWritesWhatWasTrained(testCase)
    estimator = hEstimator(testCase);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    folder = fullfile(testCase.TestData.Folder, 'repository');
    log = evalc('estimator.writeProject(folder, ''OwnHandler'')');
    program = regexp(log, '(?<=or run [^''"]*[''"])[^''"]+', 'match', 'once');
    verifyTrue(testCase, exist(program, 'file') ~= 0, 'the kit''s, not the project''s');
    verifySubstring(testCase, log, 'repository'', ''Kit'', ''owner/name'')');
    text = fileread(fullfile(folder, 'sagemaker.yml'));
    verifySubstring(testCase, text, 'training: data/training');
    verifySubstring(testCase, text, 'handler: OwnHandler');
    verifyTrue(testCase, isfile(fullfile(folder, 'code', 'ownHelp.m')));
    verifyTrue(testCase, isfile(fullfile(folder, 'inference', 'OwnHandler.m')));
    verifyTrue(testCase, isfile(fullfile(folder, 'data', 'training', 'iris.csv')));
    verifyError(testCase, @() estimator.writeProject(folder, ''), 'sagemaker:writeProject:exists');
end

function testWriteProjectLeavesNothingAfterAnError(testCase)
    estimator = hEstimator(testCase);
    folder = fullfile(testCase.TestData.Folder, 'repository');
    mkdir(folder);
    verifyError(testCase, @() estimator.writeProject(folder, 'NoSuchHandler', 'training', ...
                                                     testCase.TestData.Data), ...
                'sagemaker:handler:notFound');
    verifyEqual(testCase, numel(dir(folder)), 2, 'only . and ..');
    evalc('estimator.writeProject(folder, '''', ''training'', testCase.TestData.Data)');
    verifyTrue(testCase, isfile(fullfile(folder, 'data', 'training', 'iris.csv')));
end

function testWriteProjectIsAboutTheProjectThatWasTrained(testCase)
    session = hFakeKit('train', '{"job-name": "night-abc234-1", "changed": true}');
    estimator = hEstimator(testCase, 'Session', session);
    evalc('estimator.fit(''training'', testCase.TestData.Data, ''JobName'', ''night'')');
    folder = fullfile(testCase.TestData.Folder, 'repository');
    evalc('estimator.writeProject(folder, '''')');
    verifySubstring(testCase, fileread(fullfile(folder, 'sagemaker.yml')), 'name: night');
end

function testAFolderOfDataMayHaveAnySigns(testCase)
    folder = fullfile(testCase.TestData.Folder, 'data [1]*');
    mkdir(folder);
    hWriteText(fullfile(folder, 'a.csv'), 'x');
    estimator = hEstimator(testCase);
    evalc(['estimator.fit(''training'', folder, ''one'', fullfile(folder, ''a.csv''), ' ...
           '''two'', [folder filesep()])']);
    files = hKitCall(testCase, 'train files');
    verifyEqual(testCase, files(3:5), {'data/one/a.csv', 'data/training/a.csv', 'data/two/a.csv'});
end

function testWriteProjectNeedsDataOfItsOwnBeforeAnyFit(testCase)
    estimator = hEstimator(testCase);
    folder = fullfile(testCase.TestData.Folder, 'repository');
    verifyError(testCase, @() estimator.writeProject(folder, ''), ...
                'sagemaker:writeProject:channels');
    evalc('estimator.writeProject(folder, '''', ''training'', ''s3://b/p/'')');
    verifySubstring(testCase, fileread(fullfile(folder, 'sagemaker.yml')), 's3://b/p/');
end
