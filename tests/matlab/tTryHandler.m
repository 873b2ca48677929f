function tests = tTryHandler
%TTRYHANDLER  A training job that runs a handler: its model is the answer, or the error.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Path = path();
    kit = fileparts(fileparts(fileparts(mfilename('fullpath'))));
    addpath(fullfile(kit, 'matlab', 'trial'));
    base = hJobFolder(['{"sagemaker_program": "tryHandler", "handler": "TriedHandler", ' ...
                       '"content_type": "text/csv", "accept": "text/csv"}'], ...
                      '{"model": {}, "request": {}}');
    testCase.TestData.Base = base;
    data = fullfile(base, 'input', 'data');
    mkdir(fullfile(data, 'model'));
    mkdir(fullfile(data, 'request'));
    mkdir(fullfile(base, 'code', 'handler'));
    hWriteText(fullfile(data, 'request', 'request'), sprintf('x\n1\n2\n'));
    model = struct('PredictorNames', {{'x'}}, 'Factor', 3);
    save(fullfile(base, 'model.mat'), 'model', '-v7');
    tar(fullfile(base, 'model.tar'), 'model.mat', base);
    gzip(fullfile(base, 'model.tar'));
    movefile(fullfile(base, 'model.tar.gz'), fullfile(data, 'model', 'model.tar.gz'));
    setenv('SAGEMAKER_BASE_DIR', base);
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    path(testCase.TestData.Path);
    clear('TriedHandler', 'WiltedHandler');
    hRemoveFolder(testCase.TestData.Base);
end

function writeHandler(testCase, name, line)
    % Each class has its own name, because Octave does not read a class again.
    parent = 'sagemaker_inference.DefaultInferenceHandler';
    form = 'classdef %s < %s\nmethods\nfunction p = predict(obj, data, model)\n%s\nend\nend\nend\n';
    folder = fullfile(testCase.TestData.Base, 'code', 'handler');
    hWriteText(fullfile(folder, [name '.m']), sprintf(form, name, parent, line));
    addpath(folder);
    rehash();
end

function report = tried(testCase, name)
    env = sagemaker_training.Environment();
    options = {'handler', name, 'content_type', 'text/csv', 'accept', 'text/csv'};
    evalc('tryHandler(env, options{:})');
    report = jsondecode(fileread(fullfile(testCase.TestData.Base, 'model', 'report.json')));
end

function testTheAnswerIsSavedAsTheModel(testCase)
    writeHandler(testCase, 'TriedHandler', 'p = data.x * model.Factor;');
    report = tried(testCase, 'TriedHandler');
    verifyEqual(testCase, report.failure, '');
    answer = fileread(fullfile(testCase.TestData.Base, 'model', 'answer'));
    verifyEqual(testCase, answer, sprintf('prediction\n3\n6\n'));
end

function testAnErrorIsReportedAsOfTheHandlersOwnFolder(testCase)
    writeHandler(testCase, 'WiltedHandler', 'error(''my:handler'', ''no'');');
    report = tried(testCase, 'WiltedHandler');
    verifySubstring(testCase, report.failure, 'my:handler: no');
    verifySubstring(testCase, report.failure, 'In predict (WiltedHandler.m, line 4)');
    verifyEqual(testCase, report.predictors, {'x'});
    verifyEqual(testCase, report.columns, {'x'});
    answer = fullfile(testCase.TestData.Base, 'model', 'answer');
    verifyEqual(testCase, exist(answer, 'file'), 0);
end

function testWithoutARequestAModelIsRefusedWithWhichTheKitsHandlerCannotPredict(testCase)
    kit = fileparts(fileparts(fileparts(mfilename('fullpath'))));
    addpath(fullfile(kit, 'matlab', 'default_handler'));
    refused = onlyLoaded(testCase, struct('Factor', 3));
    verifySubstring(testCase, refused.failure, 'sagemaker_inference:model:predict');
    verifyEqual(testCase, {refused.modelClass, refused.hasPredict}, {'struct', false});
    exported = onlyLoaded(testCase, struct('predictFcn', 'saved by Classification Learner'));
    verifyEqual(testCase, exported.failure, '');
end

function report = onlyLoaded(testCase, model)
    base = tempname();
    mkdir(fullfile(base, 'model'));
    removing = onCleanup(@() hRemoveFolder(base));
    save(fullfile(base, 'model', 'model.mat'), 'model', '-v7');
    plan = struct('handler', 'DefaultHandler', 'folder', base, 'request', '', ...
                  'contentType', '', 'accept', '');
    evalc('[~, report] = sagemaker.internal.askHandler(base, plan);');
end
