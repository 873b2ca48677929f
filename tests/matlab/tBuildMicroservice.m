function tests = tBuildMicroservice
%TBUILDMICROSERVICE  Calls of MATLAB Compiler SDK, with stand-ins for it.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    here = fileparts(mfilename('fullpath'));
    testCase.TestData.Path = path();
    addpath(fullfile(here, 'fakes'), fullfile(here, 'release'));
    testCase.TestData.Code = fullfile(here, 'handlers');
    testCase.TestData.Output = tempname();
end

function teardown(testCase)
    path(testCase.TestData.Path);
    setenv('SAGEMAKER_INFERENCE_HANDLER', '');
    setenv('STANDIN_RELEASE', '');
    setenv('STANDIN_REFUSES', '');
    if exist(testCase.TestData.Output, 'dir')
        hRemoveFolder(testCase.TestData.Output);
    end
end

function result = built(testCase, varargin)
    result = sagemaker.internal.build.microservice( ...
        'DoublingHandler', testCase.TestData.Code, testCase.TestData.Output, varargin{:});
end

function testTheResultNamesImageArchiveAndContextAndIsWrittenAsJson(testCase)
    result = built(testCase, 'ImageName', 'iris:key');
    verifyEqual(testCase, result.ImageName, 'iris:key');
    verifyTrue(testCase, exist(result.Archive, 'file') == 2);
    verifyTrue(testCase, exist(fullfile(result.DockerContext, 'Dockerfile'), 'file') == 2);
    written = jsondecode(fileread(fullfile(testCase.TestData.Output, 'microservice.json')));
    verifyEqual(testCase, written, result);
end

function testTheArchiveHoldsTheRouterTheHandlersFolderAndTheKit(testCase)
    result = built(testCase);
    inputs = strsplit(fileread(result.Archive), sprintf('\n'));
    verifyEqual(testCase, inputs{1}, fullfile(testCase.TestData.Output, 'answerSageMaker.m'));
    verifyEqual(testCase, inputs{2}, testCase.TestData.Code);
    verifySubstring(testCase, inputs{3}, '+sagemaker_inference');
    verifyEqual(testCase, numel(inputs), 3);
end

function testTheCompilerIsToldOfTheHandlersClass(testCase)
    built(testCase);
    text = fileread(fullfile(testCase.TestData.Output, 'answerSageMaker.m'));
    verifySubstring(testCase, text, '%#function DoublingHandler');
end

function testTheExposedFunctionAnswersAsTheRouterDoes(testCase)
    built(testCase);
    addpath(testCase.TestData.Output, testCase.TestData.Code);
    setenv('SAGEMAKER_INFERENCE_HANDLER', 'DoublingHandler');
    response = feval('answerSageMaker', hRequest('GET', '/nowhere'));
    verifyEqual(testCase, response.HttpCode, 404);
end

function testTheRoutesLeadBothPathsToTheExposedFunctionOfTheArchive(testCase)
    result = built(testCase);
    file = fullfile(result.DockerContext, 'routesFile', 'routes.json');
    % function is a keyword, so jsondecode renames this field, in MATLAB and in Octave.
    routes = jsondecode(strrep(fileread(file), '"function"', '"name"'));
    verifyEqual(testCase, routes.version, '1.0.0');
    verifyEqual(testCase, {routes.pathmap.match}, {'^/ping$', '^/invocations$'});
    for k = 1:2
        handler = routes.pathmap(k).webhandler;
        [~, archive] = fileparts(result.Archive);
        verifyEqual(testCase, handler.component, archive);
        verifyEqual(testCase, handler.name, 'answerSageMaker');
    end
end

function testTheImageIsBuiltUnlessItsContextAloneIsWanted(testCase)
    result = built(testCase, 'ImageName', 'iris');
    file = fullfile(result.DockerContext, 'Dockerfile');
    verifySubstring(testCase, fileread(file), '# iris on');
    result = built(testCase, 'ImageName', 'iris', 'ExecuteDockerBuild', 'off');
    verifySubstring(testCase, fileread(file), '# iris off');
end

function testThePathIsAsBefore(testCase)
    before = path();
    built(testCase);
    verifyEqual(testCase, path(), before);
end

function testWhatMakesNoSenseIsRefused(testCase)
    code = testCase.TestData.Code;
    output = testCase.TestData.Output;
    build = @(varargin) sagemaker.internal.build.microservice(varargin{:});
    refused = 'sagemaker:build:input';
    verifyError(testCase, @() build('No''Name', code, output), refused);
    verifyError(testCase, @() build('AbsentHandler', code, output), refused);
    verifyError(testCase, @() build('DoublingHandler', [code 'x'], output), refused);
    verifyError(testCase, @() built(testCase, 'ExecuteDockerBuild', 'yes'), refused);
end

function testAnotherReleaseOrUpdateThanWantedIsRefused(testCase)
    check = @(wanted) sagemaker.internal.build.checkRelease(wanted);
    setenv('STANDIN_RELEASE', 'R2025bU3');
    check('R2025b');
    check('R2025bU3');
    refused = 'sagemaker:build:release';
    verifyError(testCase, @() check('R2025a'), refused);
    verifyError(testCase, @() check('R2025bU2'), refused);
    verifyError(testCase, @() check('R2025bU0'), refused);
    verifyError(testCase, @() check('R2026aU3'), refused);
end

function testAMissingCompilerIsToldAsSuch(testCase)
    missing = struct('identifier', 'MATLAB:undefinedVarOrClass', ...
                     'message', 'Unable to resolve the name compiler.build.x.', 'stack', []);
    verifyError(testCase, @() sagemaker.internal.build.rethrowMissing(missing), ...
                'sagemaker:build:compiler');
end

function testTheCompilersOwnErrorsGoOn(testCase)
    setenv('STANDIN_REFUSES', 'yes');
    verifyError(testCase, @() built(testCase), 'compiler:fake:refused');
end
