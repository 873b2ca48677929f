function hOwnProject(testCase)
%HOWNPROJECT  Code, data and a fake of the kit in testCase.TestData, for tests of an estimator.
    folder = tempname();
    code = fullfile(folder, 'own');
    mkdir(code);
    hWriteText(fullfile(code, 'trainOwnModel.m'), ...
               sprintf(['function trainOwnModel(env, varargin)\n' ...
                        '%% not unusedOwn\nownHelp(1);\nend\n']));
    hWriteText(fullfile(code, 'ownHelp.m'), sprintf('function y = ownHelp(x)\ny = x;\nend\n'));
    hWriteText(fullfile(code, 'unusedOwn.m'), sprintf('function unusedOwn()\nend\n'));
    hWriteText(fullfile(code, 'OwnHandler.m'), ...
               sprintf('classdef OwnHandler < sagemaker_inference.DefaultInferenceHandler\nend\n'));
    data = fullfile(folder, 'flowers');
    mkdir(data);
    hWriteText(fullfile(data, 'iris.csv'), sprintf('x,y\n1,2\n'));
    testCase.TestData.Folder = folder;
    testCase.TestData.Data = data;
    testCase.TestData.Path = path();
    addpath(code);
    [testCase.TestData.Session, testCase.TestData.Calls] = hFakeKit( ...
        'train', '{"job-name": "own-abc234-1", "model-data": "", "changed": true}', ...
        'job', ['{"training-job": "own-abc234-1", "status": "Completed", "metrics": {}, ' ...
                '"model-data": "s3://b/sealed/own/own-abc234-1/model.tar.gz"}'], ...
        'transfer', '{"bucket": "b"}', 'deploy', '{"endpoint-name": "own"}');
end
