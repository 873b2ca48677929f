function tests = tPredictor
%TPREDICTOR  sagemaker.MATLABPredictor and sagemaker.MATLABModel, with a fake of the kit's commands.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    [testCase.TestData.Session, testCase.TestData.Calls] = ...
        hFakeKit('deploy', '{"endpoint-name": "pump-1"}', 'transfer', '{"bucket": "own"}');
    testCase.TestData.Folder = tempname();
    mkdir(testCase.TestData.Folder);
end

function teardown(testCase)
    hRemoveFolder(testCase.TestData.Folder);
end

function predictor = made(testCase, varargin)
    predictor = sagemaker.MATLABPredictor('flowers', testCase.TestData.Session, varargin{:});
end

function testATableIsAskedWithItsNames(testCase)
    predictor = made(testCase);
    answer = predictor.predict(table([5.1; 4], {'a'; 'b'}, 'VariableNames', {'x', 'kind'}));
    verifyEqual(testCase, answer.species, {'setosa'});
    verifyEqual(testCase, hKitCall(testCase, 'request'), sprintf('x,kind\n5.1,a\n4,b\n'));
    verifyEqual(testCase, hKitCall(testCase, 'predict'), ...
                ['--request request.csv --content-type text/csv; header=present ' ...
                 '--accept text/csv --answer answer.csv']);
    verifySubstring(testCase, hKitCall(testCase, 'predict project'), ...
                    sprintf('endpoint:\n  name: flowers\n'));
end

function testAMatrixIsAskedWithoutNames(testCase)
    predictor = made(testCase);
    predictor.predict([5.1, 3.5; 1.4, 0.2]);
    verifyEqual(testCase, hKitCall(testCase, 'request'), sprintf('5.1,3.5\n1.4,0.2\n'));
    verifySubstring(testCase, hKitCall(testCase, 'predict'), 'header=absent');
end

function testAStructIsAskedByItsFields(testCase)
    predictor = made(testCase);
    predictor.predict(struct('x', [1; 2], 'kind', {{'a', 'b'}}));
    verifyEqual(testCase, hKitCall(testCase, 'request'), sprintf('x,kind\n1,a\n2,b\n'));
    predictor.predict(struct('x', {1, 2}, 'kind', {'a', 'b'}));
    verifyEqual(testCase, hKitCall(testCase, 'request'), sprintf('x,kind\n1,a\n2,b\n'));
end

function testWhatIsNoRequestIsRefused(testCase)
    predictor = made(testCase);
    verifyError(testCase, @() predictor.predict('5.1,3.5'), 'sagemaker:predict:request');
    verifyError(testCase, @() predictor.predict(zeros(0, 2)), 'sagemaker:predict:request');
    for value = {[1, 2; 3, 4], {{[1, 2], 3}}, {{'a', 3}}, ['ab'; 'cd'], {{'a', 'b'; 'c', 'd'}}}
        data = struct('x', value{1});
        verifyError(testCase, @() predictor.predict(data), 'sagemaker:predict:request');
    end
    data = struct('x', {[1, 2], [3, 4]});
    verifyError(testCase, @() predictor.predict(data), 'sagemaker:predict:request');
end

function testTheEndpointGoesWithItsModel(testCase)
    predictor = made(testCase, 'Project', 'other');
    log = evalc('predictor.deleteModel()');
    verifySubstring(testCase, log, 'deleteEndpoint');
    verifyEmpty(testCase, hKitCall(testCase, 'verbs'));
    predictor.deleteEndpoint();
    verifyEqual(testCase, hKitCall(testCase, 'delete'), '--endpoint-name flowers');
    verifySubstring(testCase, hKitCall(testCase, 'delete project'), 'name: other');
    verifySubstring(testCase, evalc('predictor.deleteModel()'), 'was deleted with the endpoint');
    predictor.deleteEndpoint(true);
    verifyError(testCase, @() predictor.deleteEndpoint(false), 'sagemaker:delete:config');
    wrong = 'sagemaker:input:deleteConfig';
    verifyError(testCase, @() predictor.deleteEndpoint('false'), wrong);
    verifyError(testCase, @() predictor.deleteEndpoint([]), wrong);
end

function testAModelInS3IsDeployedAsThatOfItsProject(testCase)
    model = sagemaker.MATLABModel('s3://b/sealed/pump/pump-a-1/1/model.tar.gz', 'server', '', ...
                                  testCase.TestData.Session, 'EndpointName', 'pump-1', ...
                                  'Tags', {'team', 'pumps'});
    verifyEqual(testCase, {model.Name, model.EndpointName}, {'pump', 'pump-1'});
    predictor = model.deploy(2, 'ml.m5.xlarge');
    verifyEqual(testCase, predictor.EndpointName, 'pump-1');
    verifyEqual(testCase, predictor.Project, 'pump');
    text = hKitCall(testCase, 'deploy project');
    verifySubstring(testCase, text, 'model: s3://b/sealed/pump/pump-a-1/1/model.tar.gz');
    verifySubstring(testCase, text, sprintf(['endpoint:\n  name: pump-1\n  instance_type: ' ...
                                             'ml.m5.xlarge\n  instance_count: 2\n']));
    verifySubstring(testCase, text, 'serving_role: server');
    verifySubstring(testCase, text, sprintf('  tags:\n    team: pumps\n'));
    verifySubstring(testCase, text, 'inference: {} # the default handler');
    verifyEqual(testCase, hKitCall(testCase, 'verbs'), {'compile-handler', 'deploy'});
end

function testWhatAJobHasSealedIsServedWhereItIs(testCase)
    uri = 's3://own/sealed/pump/pump-a-1/1/model.tar.gz';
    model = sagemaker.MATLABModel(uri, '', '', testCase.TestData.Session);
    model.deploy();
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), ['model: ' uri]);
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), 'name: pump');
end

function testWhatAJobOfAnotherProjectHasSealedIsFetched(testCase)
    uri = 's3://own/sealed/pump/pump-a-1/1/model.tar.gz';
    model = sagemaker.MATLABModel(uri, '', '', testCase.TestData.Session, 'Name', 'other');
    model.deploy();
    verifySubstring(testCase, hKitCall(testCase, 'transfer'), ['download ' uri]);
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), 'model: model.tar.gz');
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), 'name: other');
end

function testAHandlerOfTheKitsHasNoCode(testCase)
    name = 'sagemaker_inference.TableModelHandler';
    model = sagemaker.MATLABModel('s3://b/x.tar.gz', '', name, testCase.TestData.Session);
    model.deploy();
    verifyEqual(testCase, model.Name, 'x', 'two models with this handler have two endpoints');
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), ...
                    sprintf('inference:\n  handler: sagemaker_inference.TableModelHandler\n\n'));
end

function testAModelIsServedInANetwork(testCase)
    names = {'SecurityGroupsIds', 'SecurityGroupIds'};
    for k = 1:2
        model = sagemaker.MATLABModel('s3://b/x.tar.gz', '', '', testCase.TestData.Session, ...
                                      'Subnets', 'subnet-1', names{k}, {'sg-1'});
        model.deploy();
        verifySubstring(testCase, hKitCall(testCase, 'deploy project'), sprintf( ...
            '  vpc:\n    subnets: [subnet-1]\n    security_groups: [sg-1]\n'));
    end
end

function testAHandlerMayBeAHandleOrAnObject(testCase)
    name = 'sagemaker_inference.TableModelHandler';
    for handler = {str2func(name), sagemaker_inference.TableModelHandler(), [name '.m']}
        model = sagemaker.MATLABModel('s3://b/x.tar.gz', '', handler{1}, ...
                                      testCase.TestData.Session);
        verifyEqual(testCase, model.Handler, name);
    end
end

function testAModelOfThisMachineTravelsWithTheProject(testCase)
    file = fullfile(testCase.TestData.Folder, 'pump.mat');
    hWriteText(file, 'model');
    model = sagemaker.MATLABModel(file, '', '', testCase.TestData.Session);
    verifyEqual(testCase, model.Name, 'pump');
    model.deploy();
    verifySubstring(testCase, hKitCall(testCase, 'deploy project'), 'model: pump.mat');
    verifyEqual(testCase, hKitCall(testCase, 'deploy files'), {'pump.mat', 'sagemaker.yml'});
    folder = fullfile(testCase.TestData.Folder, 'd [2]');
    mkdir(folder);
    hWriteText(fullfile(folder, 'model.mat'), 'model');
    model = sagemaker.MATLABModel([folder filesep()], '', '', testCase.TestData.Session);
    evalc('model.deploy()');
    verifyEqual(testCase, hKitCall(testCase, 'deploy files'), {'d [2]/model.mat', 'sagemaker.yml'});
    iris = fullfile(testCase.TestData.Folder, 'iris.csv');
    hWriteText(iris, 'x');
    for file = {'no/model.mat', iris}
        model = sagemaker.MATLABModel(file{1}, '', '', testCase.TestData.Session);
        verifyError(testCase, @() model.deploy(), 'sagemaker:deploy:model');
    end
end
