function tests = tRehearse
%TREHEARSE  Training and answering a request in this session, in a folder laid out like /opt/ml.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Path = path();
    base = hJobFolder('{"sagemaker_program": "rehearsedFunction"}', '{}');
    testCase.TestData.Base = base;
    mkdir(fullfile(base, 'handler'));
    hWriteText(fullfile(base, 'request'), sprintf('x\n1\n2\n'));
    writeFunction(testCase, {'assert(strcmp(getenv(''REHEARSED''), ''yes''));', ...
        'model = struct(''PredictorNames'', {{''x''}}, ''Factor'', 3);', ...
        'save(fullfile(env.ModelFolder, ''model.mat''), ''model'', ''-v7'');'});
    writeHandler(testCase, 'RehearsedHandler', 'p = data.x * model.Factor;');
    writePlan(testCase, true, 'RehearsedHandler');
end

function teardown(testCase)
    verifyEqual(testCase, path(), testCase.TestData.Path);
    verifyEqual(testCase, getenv('SAGEMAKER_BASE_DIR'), '');
    verifyEqual(testCase, getenv('REHEARSED'), '');
    clear('rehearsedFunction', 'RehearsedHandler', 'RaisingHandler', 'ChildHandler', ...
          'UsedHandler', 'MovedHandler');
    hRemoveFolder(testCase.TestData.Base);
end

function writeFunction(testCase, lines)
    text = sprintf('    %s\n', lines{:});
    hWriteText(fullfile(testCase.TestData.Base, 'code', 'rehearsedFunction.m'), ...
               sprintf('function rehearsedFunction(env, varargin)\n%send\n', text));
end

function writeHandler(testCase, name, line, parent)
    % Each class has its own name, because Octave does not read a class again.
    if nargin < 4
        parent = 'sagemaker_inference.DefaultInferenceHandler';
    end
    form = 'classdef %s < %s\nmethods\nfunction p = predict(obj, data, model)\n%s\nend\nend\nend\n';
    hWriteText(fullfile(testCase.TestData.Base, 'handler', [name '.m']), ...
               sprintf(form, name, parent, line));
    rehash();
end

function writePlan(testCase, trains, handler)
    base = testCase.TestData.Base;
    code = fullfile(base, 'code');
    plan = struct('trains', trains, 'engine', sagemaker.internal.engine(), 'code', code, ...
                  'codePath', {{code}}, 'handler', handler, ...
                  'handlerPath', {{fullfile(base, 'handler')}}, 'contentType', 'text/csv', ...
                  'request', fullfile(base, 'request'), 'accept', 'text/csv', ...
                  'names', {{'REHEARSED'}}, 'values', {{'yes'}});
    hWriteText(fullfile(base, 'rehearsal.json'), jsonencode(plan));
end

function [code, log] = rehearsed(testCase)
    base = testCase.TestData.Base;
    [log, code] = evalc('sagemaker.internal.rehearse(base)');
end

function text = left(testCase, name)
    text = fileread(fullfile(testCase.TestData.Base, 'output', name));
end

function testTheHandlerAnswersWithTheModelJustMade(testCase)
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, left(testCase, 'answer'), sprintf('prediction\n3\n6\n'));
end

function testWithoutAHandlerOnlyTheTrainingRuns(testCase)
    writePlan(testCase, true, '');
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, exist(fullfile(testCase.TestData.Base, 'output', 'answer'), 'file'), 0);
end

function testAfterATrainingThatFailedNoHandlerIsAsked(testCase)
    writeFunction(testCase, {'error(''my:training'', ''no'');'});
    verifyEqual(testCase, rehearsed(testCase), 1);
    verifySubstring(testCase, left(testCase, 'failure'), 'my:training');
    output = fullfile(testCase.TestData.Base, 'output');
    verifyEqual(testCase, exist(fullfile(output, 'handler-failure'), 'file'), 0);
end

function testTheHandlersErrorIsLeftWithWhatModelAndRequestHave(testCase)
    writeHandler(testCase, 'RaisingHandler', 'error(''my:handler'', ''no'');');
    writePlan(testCase, true, 'RaisingHandler');
    verifyEqual(testCase, rehearsed(testCase), 1);
    told = left(testCase, 'handler-failure');
    verifySubstring(testCase, told, 'my:handler: no');
    verifySubstring(testCase, told, 'In predict (RaisingHandler.m, line 4)');
    result = jsondecode(left(testCase, 'result.json'));
    verifyEqual(testCase, result.predictors, {'x'});
    verifyEqual(testCase, result.columns, {'x'});
end

function testOfAModelThatFailsItsClassIsLeftAndItsPredictorsAsTheHandlerSeesThem(testCase)
    writeFunction(testCase, {'model = struct(''RequiredVariables'', {{''x'', ''y''}});', ...
        'save(fullfile(env.ModelFolder, ''model.mat''), ''model'', ''-v7'');'});
    writePlan(testCase, true, 'sagemaker_inference.TableModelHandler');
    verifyEqual(testCase, rehearsed(testCase), 1);
    result = jsondecode(left(testCase, 'result.json'));
    verifyEqual(testCase, result.predictors, {'x'; 'y'});
    verifyEqual(testCase, result.modelClass, 'struct');
    verifyEqual(testCase, result.hasPredict, false);
    verifyEqual(testCase, result.loadError, '');
end

function testOfAModelThatCannotBeLoadedTheReasonIsLeft(testCase)
    writeFunction(testCase, {'h = fopen(fullfile(env.ModelFolder, ''model.mat''), ''w'');', ...
        'fwrite(h, ''no model''); fclose(h);'});
    writePlan(testCase, true, 'sagemaker_inference.TableModelHandler');
    verifyEqual(testCase, rehearsed(testCase), 1);
    result = jsondecode(left(testCase, 'result.json'));
    verifyEqual(testCase, isempty(result.loadError), false);
end

function testAHandlerWhoseSuperclassHasChangedRunsAnew(testCase)
    writeHandler(testCase, 'ParentHandler', 'p = data.x;');
    hWriteText(fullfile(testCase.TestData.Base, 'handler', 'ChildHandler.m'), ...
               sprintf('classdef ChildHandler < ParentHandler\nend\n'));
    writePlan(testCase, true, 'ChildHandler');
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, left(testCase, 'answer'), sprintf('prediction\n1\n2\n'));
    writeHandler(testCase, 'ParentHandler', 'p = data.x + 10;');
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, left(testCase, 'answer'), sprintf('prediction\n11\n12\n'));
end

function testAHandlerThatTheSessionHasUsedBeforeRunsAnew(testCase)
    writeHandler(testCase, 'UsedHandler', 'p = data.x;');
    before = addpath(fullfile(testCase.TestData.Base, 'handler'));
    handler = UsedHandler();
    clear('handler');
    path(before);
    writeHandler(testCase, 'UsedHandler', 'p = data.x + 10;');
    writePlan(testCase, true, 'UsedHandler');
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, left(testCase, 'answer'), sprintf('prediction\n11\n12\n'));
end

function testAChangedHandlerNeedsNoOctaveOnThePathAndMayNotExit(testCase)
    writeHandler(testCase, 'MovedHandler', 'p = data.x;');
    writePlan(testCase, true, 'MovedHandler');
    verifyEqual(testCase, rehearsed(testCase), 0);
    nowhere = sagemaker.internal.setVariables({'PATH'}, {'/nowhere'});
    writeHandler(testCase, 'MovedHandler', 'p = data.x + 10;');
    verifyEqual(testCase, rehearsed(testCase), 0);
    verifyEqual(testCase, left(testCase, 'answer'), sprintf('prediction\n11\n12\n'));
    if strcmp(sagemaker.internal.engine(), 'octave')
        writeHandler(testCase, 'MovedHandler', 'exit(5);');
        verifyError(testCase, @() rehearsed(testCase), 'sagemaker:rehearse:octave');
    end
end
