function tests = tArguments
%TARGUMENTS  A wrong or missing argument is refused by its name before anything runs.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    [testCase.TestData.Session, testCase.TestData.Calls] = hFakeKit();
end

function teardown(testCase)
    calls = testCase.TestData.Calls;
    verifyEmpty(testCase, calls('verbs'));
end

function estimator = made(testCase, varargin)
    estimator = sagemaker.MATLABEstimator('', 'Session', testCase.TestData.Session, ...
                                          'TrainingFunction', @numel, varargin{:});
end

function testWrongOptionsOfAnEstimatorAreRefused(testCase)
    wrong = {'MaxRunTime', 90.5, 'maxRunTime'; 'MaxRunTime', '10m', 'maxRunTime'; ...
             'MaxWaitTime', -1, 'maxWaitTime'; 'UseSpotInstances', 'yes', 'useSpotInstances'; ...
             'UseSpotInstances', 2, 'useSpotInstances'; 'StoreToken', [], 'storeToken'; ...
             'MATLABRelease', '2026a', 'matlabRelease'; 'InstanceCount', 0, 'instanceCount'; ...
             'InstanceCount', '2', 'instanceCount'; 'InstanceCount', 1.5, 'instanceCount'; ...
             'InstanceType', 'm5.large', 'instanceType'; 'Image', 3, 'image'; ...
             'BaseJobName', 3, 'baseJobName'; 'Session', 'eu', 'session'; 'Tags', {'a'}, 'tags'; ...
             'Subnets', 3, 'subnets'; 'SecurityGroupsIds', {3}, 'securityGroupsIds'};
    for k = 1:size(wrong, 1)
        verifyError(testCase, @() made(testCase, wrong{k, 1:2}), ['sagemaker:input:' wrong{k, 3}]);
    end
    estimator = made(testCase, 'UseSpotInstances', 1, 'MATLABRelease', 'r2026a', 'MaxRunTime', 90);
    verifyEqual(testCase, estimator.UseSpotInstances, true);
end

function testWhatIsSetLaterIsCheckedByFit(testCase)
    estimator = made(testCase);
    estimator.InstanceCount = 0;
    verifyError(testCase, @() estimator.fit('training', 's3://b/p/'), ...
                'sagemaker:input:instanceCount');
end

function testWhatIsMissingIsNamed(testCase)
    session = testCase.TestData.Session;
    estimator = made(testCase);
    predictor = sagemaker.MATLABPredictor('flowers', session);
    missing = {@() sagemaker.MATLABEstimator(), 'role'; @() sagemaker.MATLABModel('x'), 'role'; ...
               @() sagemaker.MATLABPredictor(), 'endpointName'; ...
               @() sagemaker.TrainingJob(), 'name'; @() sagemaker.init(), 'folder'; ...
               @() sagemaker.MATLABEstimator.attach(), 'jobName'; ...
               @() session.upload('data'), 'name'; @() session.download('s3://b/p/'), 'folder'; ...
               @() predictor.predict(), 'data'; @() estimator.writeProject(), 'folder'; ...
               @() estimator.deploy(''), 'handler'};
    for k = 1:size(missing, 1)
        verifyError(testCase, missing{k, 1}, ['sagemaker:input:' missing{k, 2}]);
    end
end

function testSessionAndHandlerHaveDefaults(testCase)
    predictor = sagemaker.MATLABPredictor('flowers');
    verifyEqual(testCase, predictor.EndpointName, 'flowers');
    job = sagemaker.TrainingJob('own-abc234-1');
    verifyEqual(testCase, job.Project, 'own');
    model = sagemaker.MATLABModel('pump.mat', '');
    verifyEqual(testCase, {model.Name, model.Handler}, {'pump', ''});
end

function testOptionsMayFollowWithoutSessionAndHandler(testCase)
    session = testCase.TestData.Session;
    predictor = sagemaker.MATLABPredictor('flowers', 'Project', 'x');
    verifyEqual(testCase, predictor.Project, 'x');
    calls = {{'Name', 'x', 'EndpointName', 'e'}, ''; {'', 'Name', 'x'}, ''; ...
             {'PumpHandler', 'name', 'x'}, 'PumpHandler'; ...
             {'PumpHandler', session, 'Name', 'x'}, 'PumpHandler'};
    for k = 1:size(calls, 1)
        model = sagemaker.MATLABModel('m.mat', '', calls{k, 1}{:});
        verifyEqual(testCase, {model.Name, model.Handler}, {'x', calls{k, 2}});
    end
    verifyError(testCase, @() sagemaker.MATLABModel('m.mat', '', 'Nam', 'x'), ...
                'sagemaker:input:session');
    verifyError(testCase, @() sagemaker.MATLABModel('m.mat', '', '', 'Nam', 'x'), ...
                'sagemaker:input:option');
    model = sagemaker.MATLABModel('m.mat', '', 'Name', session);
    verifyEqual(testCase, model.Handler, 'Name');
end

function testATextInTheSessionsPlaceMayBelongToAnOption(testCase)
    calls = {'sagemaker.MATLABModel(''m.mat'', '''', ''Nam'', ''x'')', 'x'; ...
             'sagemaker.MATLABPredictor(''flowers'', ''Project'')', 'Project'};
    for k = 1:size(calls, 1)
        log = evalc(['try, ' calls{k, 1} ', catch err, disp(err.message), end']);
        verifySubstring(testCase, log, sprintf('If ''%s'' belongs to an option', calls{k, 2}));
    end
end

function testWrongArgumentsAreNamed(testCase)
    session = testCase.TestData.Session;
    estimator = made(testCase);
    wrong = {@() sagemaker.Session('Region', 5), 'region'; ...
             @() sagemaker.Session('Region', 'Ireland'), 'region'; ...
             @() sagemaker.Session('Bucket', 'Bad_Bucket!'), 'bucket'; ...
             @() sagemaker.MATLABEstimator(5), 'role'; ...
             @() sagemaker.MATLABModel(5, '', '', session), 'modelData'; ...
             @() sagemaker.MATLABModel('x', '', '', 'eu'), 'session'; ...
             @() sagemaker.MATLABPredictor('a_b', session), 'endpointName'; ...
             @() sagemaker.MATLABPredictor('x', 'eu'), 'session'; ...
             @() sagemaker.TrainingJob(5, session), 'name'; ...
             @() session.upload(tempdir(), 'a b'), 'name'; ...
             @() estimator.fit('training', 's3://b/p/', 'Wait', 'no'), 'wait'; ...
             @() estimator.fit('training', 's3://b/p/', 'JobName', 3), 'jobName'};
    for k = 1:size(wrong, 1)
        verifyError(testCase, wrong{k, 1}, ['sagemaker:input:' wrong{k, 2}]);
    end
    verifyError(testCase, @() estimator.fit(5, 's3://b/p/'), 'sagemaker:fit:channels');
end

function testComplexNumbersAreNoRequest(testCase)
    predictor = sagemaker.MATLABPredictor('flowers', testCase.TestData.Session);
    for data = {[5, 3, 1, 1i], struct('x', 1i), table(1i)}
        verifyError(testCase, @() predictor.predict(data{1}), 'sagemaker:predict:request');
    end
end

function testOnlyTablesAreWrittenAndOnlyTextIsRead(testCase)
    verifyError(testCase, @() sagemaker_inference.writeTableToString(5), ...
                'sagemaker_inference:input:table');
    verifyError(testCase, @() sagemaker_inference.readTableFromString(5), ...
                'sagemaker_inference:input:text');
end
