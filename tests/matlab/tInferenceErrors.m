function tests = tInferenceErrors
%TINFERENCEERRORS  What the log and the caller of the endpoint get if a handler fails.
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
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    setenv('SAGEMAKER_INFERENCE_HANDLER', '');
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Base);
end

function testAHandlersErrorIsFiveHundredWithoutItsMessage(testCase)
    request = hRequest('POST', '/invocations', sprintf('x\n42\n'), {'Content-Type', 'text/csv'});
    [log, response] = quietly(request, FailingHandler());
    verifyEqual(testCase, response.HttpCode, 500);
    body = jsondecode(char(response.Body));
    verifyEqual(testCase, body.error, 'test:handler:broken');
    verifyEmpty(testCase, strfind(char(response.Body), 'secret'));
    verifySubstring(testCase, log, 'test:handler:broken: the secret is 42');
    verifyEqual(testCase, body.where, 'predict (FailingHandler.m, line 6)');
end

function testALongMessageIsCutInTheLog(testCase)
    err = struct('message', repmat('x', 1, 1e6), 'stack', struct('file', {}));
    text = sagemaker_inference.internal.errorReport('a:b', err, '');
    verifyLessThanOrEqual(testCase, numel(text), 2100);
end

function testTheStackHasTheUsersFramesAndFoldsTheKits(testCase)
    request = hRequest('POST', '/invocations', sprintf('x\n42\n'), {'Content-Type', 'text/csv'});
    [log, response] = quietly(request, NestedHandler());
    body = jsondecode(char(response.Body));
    verifyEqual(testCase, body.where, 'scaled (NestedHandler.m, line 12)');
    lines = regexp(log, '^  \S.*?$', 'match', 'lineanchors', 'dotexceptnewline');
    verifySubstring(testCase, log, sprintf(['  at scaled (NestedHandler.m, line 12)\n' ...
                                            '  at predict (NestedHandler.m, line 6)\n']));
    verifyEmpty(testCase, strfind(log, '+sagemaker_inference'));
    verifyTrue(testCase, any(~cellfun('isempty', regexp(lines, '\(\d+ in the kit''s code\)'))));
end

function testTextWhereTheModelHasNumbersIsTheRequestsFaultIfPredictFails(testCase)
    model = struct('PredictorNames', {{'x', 'kind'}}, 'CategoricalPredictors', 2);
    save(fullfile(testCase.TestData.Base, 'model', 'model.mat'), 'model', '-v7');
    text = sprintf('x,kind\n1,a\nhot,b\n');
    request = hRequest('POST', '/invocations', text, {'Content-Type', 'text/csv'});
    response = sagemaker_inference.DefaultInferenceRouter(request, FailingHandler());
    body = jsondecode(char(response.Body));
    verifyEqual(testCase, response.HttpCode, 400);
    verifyEqual(testCase, body.message, ...
                'The column "x" must have numbers, but its row 2 is ''hot''.');
    response = sagemaker_inference.DefaultInferenceRouter(request, BodyClassHandler());
    verifyEqual(testCase, response.HttpCode, 200);
    request.Body = uint8(sprintf('x,kind\n1,a\n'));
    [log, response] = quietly(request, FailingHandler());
    verifyEqual(testCase, response.HttpCode, 500, log);
end

function testAHandlerThatComputesPredictorsFailsForItsOwnReasons(testCase)
    % The request never has these predictors; only what the error is about can be missing.
    verifyEqual(testCase, codeWith(testCase, FailingHandler(), 'ratio'), 500);
    verifyEqual(testCase, codeWith(testCase, NestedHandler(), 'ratio'), 500);
    [code, body] = codeWith(testCase, NestedHandler(), {'noSuchColumn', 'ratio'});
    verifyEqual(testCase, code, 400);
    verifySubstring(testCase, body, 'noSuchColumn\", \"ratio\"');
    verifyEqual(testCase, codeWith(testCase, PassingHandler(), 'ratio'), 400);
end

function [code, body] = codeWith(testCase, handler, predictors)
    % The answer to a request with only the column x, for a model that names these predictors.
    model = struct('PredictorNames', {cellstr(predictors)}, 'CategoricalPredictors', []);
    save(fullfile(testCase.TestData.Base, 'model', 'model.mat'), 'model', '-v7');
    request = hRequest('POST', '/invocations', sprintf('x\n1\n'), {'Content-Type', 'text/csv'});
    [~, response] = quietly(request, handler);
    code = response.HttpCode;
    body = char(response.Body);
end

function testABodyThatWouldBeGluedTogetherIsAnError(testCase)
    bodies = {{'a'; 'b'}, ['ab'; 'cd'], 65, struct()};
    for k = 1:numel(bodies)
        verifyError(testCase, ...
                    @() sagemaker_inference.internal.respond(200, bodies{k}, 'text/plain'), ...
                    'sagemaker_inference:encode:body', class(bodies{k}));
    end
    response = sagemaker_inference.internal.respond(200, '', 'text/plain');
    verifyEmpty(testCase, response.Body);
end

function [log, response] = quietly(varargin)
    [log, response] = evalc('sagemaker_inference.DefaultInferenceRouter(varargin{:})');
end
