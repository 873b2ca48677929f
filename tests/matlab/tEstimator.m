function tests = tEstimator
%TESTIMATOR  Options of sagemaker.MATLABEstimator, as public scripts write them.
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

function testTheProjectSaysWhatIsAskedFor(testCase)
    text = hProject(testCase, 'HyperParameters', struct('MinLeafSize', 1, 'Rate', 0.1, ...
                    'Kind', 'gdi', 'Prune', true, 'Layers', [3, 4], 'Names', {{'a', 'b c'}}), ...
                    'InstanceType', 'ml.m5.xlarge', 'InstanceCount', 2, 'Engine', 'matlab', ...
                    'MATLABRelease', 'R2024a', 'Image', '123.dkr.ecr.eu.amazonaws.com/own:1', ...
                    'Environment', struct('LEVEL', 'debug', 'COUNT', 3), 'MaxRunTime', 900, ...
                    'Subnets', {'subnet-1', 'subnet-2'}, 'SecurityGroupsIds', 'sg-1', ...
                    'Tags', {'team', 'pumps'});
    wanted = {'name: own', 'matlab:', '  engine: matlab', '  release: R2024a', ...
              '  batch_token_secret: matlab-sagemaker-batch-token', 'training:', ...
              '  function: trainOwnModel', '  code: code', '  channels:', ...
              '    training: data/training', '  hyperparameters:', '    MinLeafSize: 1', ...
              '    Rate: 0.1', '    Kind: gdi', '    Prune: true', '    Layers: [3, 4]', ...
              '    Names: [a, b c]', '  environment:', '    LEVEL: debug', '    COUNT: "3"', ...
              '  image: "123.dkr.ecr.eu.amazonaws.com/own:1"', '  instance_type: ml.m5.xlarge', ...
              '  instance_count: 2', '  max_runtime: 15m', 'aws:', '  training_role: trainer', ...
              '  vpc:', '    subnets: [subnet-1, subnet-2]', '    security_groups: [sg-1]', ...
              '  tags:', '    team: pumps'};
    lines = strsplit(text, newline);
    lines = lines(~cellfun('isempty', lines));
    verifyEqual(testCase, lines(2:end), wanted);
    verifyEqual(testCase, hKitCall(testCase, 'verbs'), {'build-training-image', 'train'});
end

function testTheDefaultsAreTheKits(testCase)
    text = hProject(testCase);
    verifyEqual(testCase, isempty(strfind(text, 'instance_type')), true);
    verifyEqual(testCase, isempty(strfind(text, 'max_runtime')), true);
    verifySubstring(testCase, text, ['engine: ' sagemaker.internal.engine()]);
end

function testSpotTrainingWaitsAtLeastAsLongAsItRuns(testCase)
    text = hProject(testCase, 'UseSpotInstances', true, 'MaxRunTime', 600);
    verifySubstring(testCase, text, sprintf('  max_runtime: 10m\n  spot:\n    max_wait: 10m\n'));
    text = hProject(testCase, 'UseSpotInstances', true, 'MaxRunTime', 600, 'MaxWaitTime', 3601);
    verifySubstring(testCase, text, 'max_wait: 3601');
    text = hProject(testCase, 'UseSpotInstances', true);
    verifySubstring(testCase, text, 'max_wait: 1d');
    text = hProject(testCase, 'MaxWaitTime', 3600);
    verifyEqual(testCase, isempty(strfind(text, 'spot')), true);
end

function testWhatIsNoTimeIsRefused(testCase)
    for value = {'10m', -1, NaN, [1, 2], 90.5}
        verifyError(testCase, @() hEstimator(testCase, 'MaxRunTime', value{1}), ...
                    'sagemaker:input:maxRunTime');
    end
end

function testSecurityGroupIdsAreTakenInBothSpellings(testCase)
    text = hProject(testCase, 'SecurityGroupIds', {'sg-1'}, 'Subnets', {'subnet-1'});
    verifySubstring(testCase, text, 'security_groups: [sg-1]');
    estimator = hEstimator(testCase, 'Subnets', 'SecurityGroupIds');
    verifyEqual(testCase, estimator.Subnets, 'SecurityGroupIds');
    if strcmp(sagemaker.internal.engine(), 'matlab')  % Name=value passes the name as a string
        estimator = hEstimator(testCase, string('SecurityGroupIds'), 'sg-1');
        verifyEqual(testCase, estimator.SecurityGroupsIds, 'sg-1');
    end
end

function testVariablesComeAsStructMapOrCell(testCase)
    given = {struct('LEVEL', 'debug'), containers.Map({'LEVEL'}, {'debug'}), {'LEVEL', 'debug'}};
    for k = 1:numel(given)
        text = hProject(testCase, 'Environment', given{k});
        verifySubstring(testCase, text, sprintf('  environment:\n    LEVEL: debug\n'));
    end
    verifyError(testCase, @() hEstimator(testCase, 'Environment', 3), ...
                'sagemaker:input:environment');
end

function testTagsComeAsTheSdkHasThem(testCase)
    text = hProject(testCase, 'Tags', struct('Key', {'team', 'cost'}, 'Value', {'pumps', 'on'}));
    verifySubstring(testCase, text, sprintf('  tags:\n    team: pumps\n    cost: "on"\n'));
end

function testTheBatchTokenIsTakenOutAndBothWaysAreSaid(testCase)
    variables = struct('LEVEL', 'debug', 'MLM_LICENSE_TOKEN', 'me@here::secret');
    [log, estimator] = evalc('hEstimator(testCase, ''Environment'', variables)');
    verifySubstring(testCase, log, 'StoreToken');
    verifySubstring(testCase, log, 'put-secret-value');
    verifyEqual(testCase, estimator.Environment, {'LEVEL', 'debug'});
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyEqual(testCase, isempty(strfind(hKitCall(testCase, 'train project'), 'secret')), true);
    verifyEqual(testCase, hKitCall(testCase, 'build-training-image token'), '');
end

function testStoreTokenGivesTheTokenToTheStepThatStoresItOnly(testCase)
    variables = struct('MLM_LICENSE_TOKEN', 'me@here::secret');
    estimator = hEstimator(testCase, 'Environment', variables, 'StoreToken', true);
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyEqual(testCase, hKitCall(testCase, 'build-training-image'), ...
                '--repository release --store-token true');
    verifyEqual(testCase, hKitCall(testCase, 'build-training-image token'), 'me@here::secret');
    verifyEqual(testCase, hKitCall(testCase, 'train token'), '');
    verifySubstring(testCase, hKitCall(testCase, 'train project'), ...
                    'batch_token_secret: matlab-sagemaker-batch-token');
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyEqual(testCase, hKitCall(testCase, 'build-training-image'), '--repository release');
end

function testTheStacksSecretMayHaveAnotherName(testCase)
    variables = struct('MLM_LICENSE_TOKEN', 'me@here::secret');
    log = evalc(['text = hProject(testCase, ''Engine'', ''matlab'', ''BatchTokenSecret'', ' ...
                 '''pump-token'', ''Environment'', variables);']);
    verifySubstring(testCase, text, 'batch_token_secret: pump-token');
    verifySubstring(testCase, log, '--secret-id pump-token ');
end

function testUnknownOptionsAreRefused(testCase)
    verifyError(testCase, @() hEstimator(testCase, 'Instance', 'x'), 'sagemaker:input:option');
    verifyError(testCase, @() hEstimator(testCase, 'Image'), 'sagemaker:input:pairs');
    verifyError(testCase, @() hEstimator(testCase, 'Engine', 'julia'), 'sagemaker:input:engine');
    verifyError(testCase, @() sagemaker.MATLABEstimator(''), 'sagemaker:input:trainingFunction');
    session = testCase.TestData.Session;
    verifyError(testCase, @() sagemaker.MATLABEstimator('', 'Session', session), ...
                'sagemaker:input:trainingFunction');
end

function testWhatDeployNeedsIsSaidOfTheEngineMatlabOnly(testCase)
    verifyEmpty(testCase, sagemaker.internal.deployNeeds('octave', @(name) false));
    verifyEmpty(testCase, sagemaker.internal.deployNeeds('matlab', @(name) true));
    text = sagemaker.internal.deployNeeds('matlab', @(name) strcmp(name, 'docker'));
    verifySubstring(testCase, text, 'it has no MATLAB Compiler SDK.');
    text = sagemaker.internal.deployNeeds('matlab', @(name) false);
    verifySubstring(testCase, text, 'no MATLAB Compiler SDK and no Docker');
    verifyEqual(testCase, isempty(strfind(text, 'can train')), true);
    verifySubstring(testCase, text, 'sagemaker.init');
end

function testATokenThatIsPutInLaterIsTakenOutToo(testCase)
    estimator = hEstimator(testCase, 'StoreToken', true);
    estimator.Environment = struct('MLM_LICENSE_TOKEN', 'me@here::secret');
    evalc('estimator.fit(''training'', testCase.TestData.Data)');
    verifyEqual(testCase, hKitCall(testCase, 'build-training-image token'), 'me@here::secret');
    verifyEqual(testCase, isempty(strfind(hKitCall(testCase, 'train project'), 'secret::')), true);
    verifyEmpty(testCase, estimator.Environment);
end

function testStringsAreTakenAsChar(testCase)
    text = hProject(testCase, 'InstanceType', string('ml.m5.xlarge'), 'HyperParameters', ...
                    struct('Kind', string('gdi')), 'Subnets', string('subnet-1'), ...
                    'SecurityGroupsIds', {'sg-1'}, 'Environment', struct('LEVEL', string('x')));
    for line = {'instance_type: ml.m5.xlarge', 'Kind: gdi', '[subnet-1]', 'LEVEL: x'}
        verifySubstring(testCase, text, line{1});
    end
end

function testWhatOnlyMatlabHasIsTakenThere(testCase)
    if strcmp(sagemaker.internal.engine(), 'matlab')
        variables = feval('dictionary', string('LEVEL'), string('debug'));
        text = hProject(testCase, 'MaxRunTime', feval('minutes', 10), 'Environment', variables);
        verifySubstring(testCase, text, 'max_runtime: 10m');
        verifySubstring(testCase, text, 'LEVEL: debug');
    end
end
