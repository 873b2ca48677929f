function tests = tTrainAndDeployClassificationTree
%TTRAINANDDEPLOYCLASSIFICATIONTREE  The example's training function and handler with its own data.
    tests = functiontests(localfunctions);
end

function setupOnce(testCase)
    root = fileparts(fileparts(fileparts(mfilename('fullpath'))));
    example = fullfile(root, 'examples', 'TrainAndDeployClassificationTree');
    base = hJobFolder('{"sagemaker_program": "trainClassificationTree", "MinLeafSize": "1"}', ...
                      '{"training": {"TrainingInputMode": "File"}}');
    copyfile(fullfile(example, 'code', '*'), fullfile(base, 'code'));
    mkdir(fullfile(base, 'input', 'data', 'training'));
    copyfile(fullfile(example, 'data', 'training', '*'), ...
             fullfile(base, 'input', 'data', 'training'));
    addpath(fullfile(example, 'inference'));
    setenv('SAGEMAKER_BASE_DIR', base);
    [testCase.TestData.Log, testCase.TestData.Code] = evalc('sagemaker_training.main()');
    testCase.TestData.Base = base;
    testCase.TestData.Example = example;
end

function teardownOnce(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    hRemoveFolder(testCase.TestData.Base);
end

function value = metric(testCase, name)
    found = regexp(testCase.TestData.Log, [name ': ([01]\.\d{4})\n'], 'tokens');
    value = str2double(found{1}{1});
end

function testTheJobSucceeds(testCase)
    verifyEqual(testCase, testCase.TestData.Code, 0, testCase.TestData.Log);
end

function testTheAccuraciesAreThoseOfIris(testCase)
    verifyEqual(testCase, metric(testCase, 'resubstitution accuracy'), 0.98);
    verifyGreaterThanOrEqual(testCase, metric(testCase, 'cross-validated accuracy'), 0.93);
end

function testTheEndpointAnswersWhatTheExampleExpects(testCase)
    requests = fullfile(testCase.TestData.Example, 'requests');
    request = hRequest('POST', '/invocations', ...
                       fileread(fullfile(requests, 'three_flowers.csv')), ...
                       {'Content-Type', 'text/csv'});
    handler = ClassificationTreeInferenceHandler();
    response = sagemaker_inference.DefaultInferenceRouter(request, handler);
    verifyEqual(testCase, char(response.Body), fileread(fullfile(requests, 'expected.csv')));
end
