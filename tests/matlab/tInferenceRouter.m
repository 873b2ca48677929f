function tests = tInferenceRouter
%TINFERENCEROUTER  Requests to a worker: paths, status codes, headers, and loading the model once.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Path = path();
    addpath(fullfile(fileparts(mfilename('fullpath')), 'handlers'));
    testCase.TestData.Base = tempname();
    mkdir(fullfile(testCase.TestData.Base, 'model'));
    model = 1;
    save(fullfile(testCase.TestData.Base, 'model', 'model.mat'), 'model', '-v7');
    setenv('SAGEMAKER_BASE_DIR', testCase.TestData.Base);
    setenv('SAGEMAKER_INFERENCE_HANDLER', 'DoublingHandler');
    hLog();
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    setenv('SAGEMAKER_INFERENCE_HANDLER', '');
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Base);
end

function response = invoke(body, varargin)
    headers = reshape(varargin, 2, [])';
    response = sagemaker_inference.DefaultInferenceRouter(hRequest('POST', '/invocations', ...
                                                                   body, headers));
end

function testACsvRequestIsAnswered(testCase)
    response = invoke(sprintf('x\n3\n4\n'), 'Content-Type', 'text/csv', 'Accept', 'text/csv');
    verifyEqual(testCase, response.HttpCode, 200);
    verifyEqual(testCase, response.HttpMessage, 'OK');
    verifyEqual(testCase, response.ApiVersion, [1, 0, 0]);
    verifyEqual(testCase, response.Headers, {'Content-Type', 'text/csv'});
    verifyEqual(testCase, response.Body, uint8(sprintf('doubled\n7\n9\n')));
end

function testHeaderNamesHaveNoCaseAndValuesMayBeNumeric(testCase)
    response = invoke('{"x": 3}', 'content-length', 8, 'CONTENT-TYPE', 'application/json', ...
                      'aCCept', 'text/csv');
    verifyEqual(testCase, char(response.Body), sprintf('doubled\n7\n'));
end

function testWithoutAcceptTheAnswerHasTheTypeOfTheRequest(testCase)
    response = invoke('{"x": 3}', 'Content-Type', 'application/json; charset=utf-8');
    verifyEqual(testCase, response.Headers, {'Content-Type', 'application/json'});
    response = invoke('{"x": 3}', 'Content-Type', 'application/json', 'Accept', '*/*');
    verifyEqual(testCase, char(response.Body), '[{"doubled":7}]');
    response = invoke(sprintf('x\n3\n'));
    verifyEqual(testCase, response.Headers, {'Content-Type', 'text/csv'});
end

function testAHandlerIsGivenTextOfTextTypesAndBytesOfOthers(testCase)
    setenv('SAGEMAKER_INFERENCE_HANDLER', 'BodyClassHandler');
    cases = {'text/csv', 'char'; 'TEXT/Plain; charset=utf-8', 'char'; ...
             'application/json', 'char'; 'application/vnd.flowers+json', 'char'; ...
             'application/octet-stream', 'uint8'; ...
             'image/png', 'uint8'};
    for k = 1:size(cases, 1)
        response = invoke(uint8([1, 2, 3]), 'Content-Type', cases{k, 1}, 'Accept', 'text/csv');
        verifyEqual(testCase, char(response.Body), cases{k, 2});
    end
    response = invoke(uint8([255, 254]), 'Content-Type', 'text/csv');
    verifyEqual(testCase, response.HttpCode, 400);
end

function testEachFaultOfARequestHasItsStatus(testCase)
    cases = {415, {'1', 'Content-Type', 'image/png'}; ...
             406, {sprintf('x\n1\n'), 'Content-Type', 'text/csv', 'Accept', 'image/png'}; ...
             400, {sprintf('x,y\n1\n'), 'Content-Type', 'text/csv'}; ...
             400, {'{"x":', 'Content-Type', 'application/json'}; ...
             400, {'', 'Content-Type', 'text/csv'}};
    for k = 1:size(cases, 1)
        arguments_ = cases{k, 2};
        response = invoke(arguments_{:});
        verifyEqual(testCase, response.HttpCode, cases{k, 1});
        body = jsondecode(char(response.Body));
        verifyEqual(testCase, strncmp(body.error, 'sagemaker_inference:', 20), true);
        verifyEqual(testCase, response.Headers(1, :), {'Content-Type', 'application/json'});
    end
end

function testUnknownPathsAndWrongMethodsAreRefused(testCase)
    cases = {404, 'GET', '/'; 404, 'GET', '/pings'; 404, 'POST', '/models'; ...
             405, 'POST', '/ping'; 405, 'GET', '/invocations'; 405, 'DELETE', '/invocations'};
    for k = 1:size(cases, 1)
        response = sagemaker_inference.DefaultInferenceRouter(hRequest(cases{k, 2}, cases{k, 3}));
        verifyEqual(testCase, response.HttpCode, cases{k, 1}, strjoin(cases(k, 2:3)));
    end
    verifyEqual(testCase, response.Headers{2, 1}, 'Allow');
end

function testPingIsAnsweredOnceTheModelIsLoaded(testCase)
    response = sagemaker_inference.DefaultInferenceRouter(hRequest('GET', '/ping?x=1'), ...
                                                          DoublingHandler());
    verifyEqual(testCase, response.HttpCode, 200);
    verifyEmpty(testCase, response.Body);
    verifyEqual(testCase, hLog(), {'load'});
end

function testPingFailsWhileTheModelCannotBeLoaded(testCase)
    delete(fullfile(testCase.TestData.Base, 'model', 'model.mat'));
    handler = DoublingHandler();
    [log, response] = quietly(hRequest('GET', '/ping'), handler);
    verifyEqual(testCase, response.HttpCode, 500);
    body = jsondecode(char(response.Body));
    verifyEqual(testCase, body.error, 'sagemaker_inference:model:missing');
end

function testTheModelIsLoadedOnceForManyRequests(testCase)
    for k = 1:5
        response = invoke(sprintf('x\n%d\n', k), 'Content-Type', 'text/csv');
        verifyEqual(testCase, char(response.Body), sprintf('doubled\n%d\n', 2 * k + 1));
    end
    verifyEqual(testCase, hLog(), {'load'});
end

function testAnotherModelFolderIsLoadedAnew(testCase)
    handler = DoublingHandler();
    request = hRequest('POST', '/invocations', sprintf('x\n1\n'), {'Content-Type', 'text/csv'});
    sagemaker_inference.DefaultInferenceRouter(request, handler);
    other = tempname();
    mkdir(fullfile(other, 'model'));
    model = 10;
    save(fullfile(other, 'model', 'model.mat'), 'model', '-v7');
    setenv('SAGEMAKER_BASE_DIR', other);
    response = sagemaker_inference.DefaultInferenceRouter(request, handler);
    verifyEqual(testCase, char(response.Body), sprintf('doubled\n12\n'));
    hRemoveFolder(other);
end

function testAHandlerWithItsOwnMediaTypeIsFollowed(testCase)
    request = hRequest('POST', '/invocations', '41', {'Content-Type', 'text/plain'; ...
                                                     'Accept', 'text/plain'});
    response = sagemaker_inference.DefaultInferenceRouter(request, PlainHandler());
    verifyEqual(testCase, response.Body, unicode2native('42 €', 'UTF-8'));
    verifyEqual(testCase, response.Headers, {'Content-Type', 'text/plain'});
end

function testAHandlerThatIsMissingOrNoneIsReported(testCase)
    cases = {'NoSuchHandlerAnywhere', 'sagemaker_inference:handler:notFound'; ...
             'NotAHandler', 'sagemaker_inference:handler:class'};
    for k = 1:size(cases, 1)
        setenv('SAGEMAKER_INFERENCE_HANDLER', cases{k, 1});
        [log, response] = quietly(hRequest('GET', '/ping'));
        verifyEqual(testCase, response.HttpCode, 500);
        body = jsondecode(char(response.Body));
        verifyEqual(testCase, body.error, cases{k, 2});
    end
end

function [log, response] = quietly(varargin)
    [log, response] = evalc('sagemaker_inference.DefaultInferenceRouter(varargin{:})');
end

function testTheEnvironmentNamesFolderAndHandler(testCase)
    env = sagemaker_inference.Environment();
    verifyEqual(testCase, env.BaseFolder, testCase.TestData.Base);
    verifyEqual(testCase, env.ModelFolder, [testCase.TestData.Base '/model']);
    verifyEqual(testCase, env.HandlerName, 'DoublingHandler');
    setenv('SAGEMAKER_INFERENCE_HANDLER', '');
    setenv('SAGEMAKER_BASE_DIR', '');
    env = sagemaker_inference.Environment();
    verifyEqual(testCase, env.BaseFolder, '/opt/ml');
    verifyEqual(testCase, env.HandlerName, 'sagemaker_inference.DefaultInferenceHandler');
end
