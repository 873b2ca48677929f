function tests = tDeployExistingModel
%TDEPLOYEXISTINGMODEL  The example DeployExistingModel: training at the desk, and the handler.
    tests = functiontests(localfunctions);
end

function setupOnce(testCase)
    root = fileparts(fileparts(fileparts(mfilename('fullpath'))));
    testCase.TestData.Example = fullfile(root, 'examples', 'DeployExistingModel');
    testCase.TestData.Base = hJobFolder('{}', '{}');
    testCase.TestData.Path = addpath(fullfile(testCase.TestData.Example, 'inference'), ...
                                     fullfile(testCase.TestData.Example, 'desk'));
    copyfile(fullfile(testCase.TestData.Example, 'models', 'discriminant.mat'), ...
             fullfile(testCase.TestData.Base, 'model', 'model.mat'));
    setenv('SAGEMAKER_BASE_DIR', testCase.TestData.Base);
end

function teardownOnce(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Base);
end

function testTheScriptMakesTheModelAgain(testCase)
    file = fullfile(testCase.TestData.Base, 'again.mat');
    log = evalc('trainAtTheDesk(file)');
    verifySubstring(testCase, log, 'resubstitution accuracy: 0.9800');
    again = load(file);
    kept = load(fullfile(testCase.TestData.Example, 'models', 'discriminant.mat'));
    verifyEqual(testCase, fieldnames(again.model), fieldnames(kept.model));
    verifyEqual(testCase, again.model.ClassNames, kept.model.ClassNames);
    verifyEqual(testCase, again.model.PredictorNames, kept.model.PredictorNames);
    for name = {'Mu', 'Sigma', 'Prior'}
        verifyEqual(testCase, again.model.(name{1}), kept.model.(name{1}), 'AbsTol', 1e-10);
    end
end

function testTheModelIsOnlyWhatBothEnginesLoad(testCase)
    kept = load(fullfile(testCase.TestData.Example, 'models', 'discriminant.mat'));
    kinds = structfun(@class, kept.model, 'UniformOutput', false);
    verifyTrue(testCase, all(ismember(struct2cell(kinds), {'cell', 'char', 'double'})));
end

function testTheHandlerFindsTheSpeciesThatFitcdiscrFinds(testCase)
    data = readtable(fullfile(testCase.TestData.Example, 'data', 'iris.csv'));
    kept = load(fullfile(testCase.TestData.Example, 'models', 'discriminant.mat'));
    handler = DiscriminantInferenceHandler();
    answer = handler.predict(data, kept.model);
    verifyEqual(testCase, answer.species, resubPredict(fitcdiscr(data, 'species')));
end

function testTheEndpointAnswersWhatTheExampleExpects(testCase)
    requests = fullfile(testCase.TestData.Example, 'requests');
    request = hRequest('POST', '/invocations', ...
                       fileread(fullfile(requests, 'three_flowers.csv')), ...
                       {'Content-Type', 'text/csv'});
    handler = DiscriminantInferenceHandler();
    response = sagemaker_inference.DefaultInferenceRouter(request, handler);
    answer = sagemaker_inference.readTableFromString(char(response.Body));
    expected = sagemaker_inference.readTableFromString( ...
        fileread(fullfile(requests, 'expected.csv')));
    verifyEqual(testCase, answer.species, expected.species);
    verifyEqual(testCase, answer.probability, expected.probability, 'AbsTol', 1e-9);
end
