function tests = tInferenceColumns
%TINFERENCECOLUMNS  Which columns of a request a model gets, and how each kind of model is called.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Base = tempname();
    mkdir(fullfile(testCase.TestData.Base, 'model'));
    setenv('SAGEMAKER_BASE_DIR', testCase.TestData.Base);
    testCase.TestData.Path = path();
    addpath(fullfile(fileparts(mfilename('fullpath')), 'handlers'));
end

function teardown(testCase)
    setenv('SAGEMAKER_BASE_DIR', '');
    setenv('MATLAB_SAGEMAKER_CSV_HEADER', '');
    path(testCase.TestData.Path);
    hRemoveFolder(testCase.TestData.Base);
end

function model = linear(names)
    % A struct like Classification Learner's, whose predictFcn returns x - 2 y.
    if nargin < 1
        names = {'x', 'y'};
    end
    model = struct('RequiredVariables', {names}, 'predictFcn', @(T) T{:, 1} - 2 * T{:, 2});
end

function response = ask(model, body, varargin)
    if nargin < 3
        varargin = {'text/csv'};
    end
    handler = sagemaker_inference.TableModelHandler();
    response = sagemaker_inference.DefaultInferenceRouter( ...
        hRequest('POST', '/invocations', body, {'Content-Type', varargin{1}}), ...
        hWithModel(handler, model));
end

function verifyAnswer(testCase, model, body, wanted, varargin)
    response = ask(model, body, varargin{:});
    verifyEqual(testCase, char(response.Body), wanted, body);
end

function verifyRefused(testCase, model, body, words, varargin)
    response = ask(model, body, varargin{:});
    verifyEqual(testCase, response.HttpCode, 400, body);
    verifySubstring(testCase, char(response.Body), words);
end

function testColumnsGoByTheirNamesInAnyOrderAndOthersAreIgnored(testCase)
    wanted = sprintf('prediction\n-1\n-1\n');
    bodies = {'x,y\n3,2\n1,1\n', 'y,x\n2,3\n1,1\n', 'id,y,x,,note\na,2,3,1,"b\nc"\na,1,1,,\n', ...
              '"y","x"\n"2","3"\n"1","1"\n'};
    for k = 1:3
        verifyAnswer(testCase, linear(), sprintf(bodies{k}), wanted);
    end
    verifyAnswer(testCase, linear(), '[{"y": 2, "id": "a", "x": 3}]', '[{"prediction":-1}]', ...
                 'application/json');
end

function testMissingColumnsAreNamed(testCase)
    verifyRefused(testCase, linear(), sprintf('x,z\n1,2\n'), 'does not have the columns \"y\"');
    verifyRefused(testCase, linear(), '{"z": 1}', 'does not have the columns \"x\", \"y\"', ...
                  'application/json');
end

function testCsvWithoutHeaderHasThePredictorsInTheirOrder(testCase)
    wanted = sprintf('prediction\n-1\n');
    verifyAnswer(testCase, linear(), sprintf('3,2\n'), wanted);
    verifyAnswer(testCase, linear(), '3,2', wanted);
    verifyAnswer(testCase, linear(), '3,2', wanted, 'text/csv; header=absent');
    verifyAnswer(testCase, linear(), '3,2', wanted, 'text/csv; charset=utf-8; HEADER="absent"');
    verifyRefused(testCase, linear(), '3,2', 'does not have', 'text/csv; header=present');
    verifyRefused(testCase, linear(), '3,2,1', 'x', 'text/csv;header=absent');
    setenv('MATLAB_SAGEMAKER_CSV_HEADER', 'absent');
    verifyAnswer(testCase, linear(), '3,2', wanted);
    verifyAnswer(testCase, linear(), sprintf('y,x\n2,3\n'), wanted, 'text/csv; header=present');
end

function testAWrongHeaderIsNoData(testCase)
    verifyRefused(testCase, linear(), sprintf('a,b\n1,2\n'), 'does not have the columns');
    model = struct('PredictorNames', {{'x', 'y'}}, 'CategoricalPredictors', []);
    predictors = sagemaker_inference.internal.predictorsOf(model);
    T = sagemaker_inference.internal.csvToTable(sprintf('a,b\n1,2\n'), '', predictors);
    verifyEqual(testCase, T.Properties.VariableNames, {'a', 'b'});
    T = sagemaker_inference.internal.csvToTable(sprintf('5,\n1,2\n'), '', predictors);
    verifyEqual(testCase, T.Properties.VariableNames, {'x', 'y'});
    verifyEqual(testCase, T{:, :}, [5, NaN; 1, 2]);
end

function testNamesAreAsTheyAreOrAsReadtableHasMadeThem(testCase)
    wanted = sprintf('prediction\n-1\n');
    body = sprintf('flow_stats/Data_Mean,y\n3,2\n');
    verifyAnswer(testCase, linear({'flow_stats/Data_Mean', 'y'}), body, wanted);
    verifyAnswer(testCase, linear({'flow_stats_Data_Mean', 'y'}), body, wanted);
    verifyAnswer(testCase, linear({'flow_stats/Data_Mean', 'y'}), ...
                 '{"flow_stats\/Data_Mean": 3, "y": 2}', '[{"prediction":-1}]', ...
                 'application/json');
end

function testTextOfNumbersIsNumbersWhereTheModelHasThem(testCase)
    model = struct('PredictorNames', {{'x', 'kind'}}, 'CategoricalPredictors', 2);
    predictors = sagemaker_inference.internal.predictorsOf(model);
    T = sagemaker_inference.internal.csvToTable(sprintf('x,kind\n"1","007"\n,2\n'), '', predictors);
    verifyEqual(testCase, T.x, [1; NaN]);
    verifyEqual(testCase, T.kind, {'007'; '2'});
end

function testInstancesAreAnsweredWithPredictions(testCase)
    verifyAnswer(testCase, linear(), '{"instances": [{"x": 3, "y": 2}, {"x": 1, "y": 1}]}', ...
                 '{"predictions":[{"prediction":-1},{"prediction":-1}]}', 'application/json');
    verifyAnswer(testCase, linear(), '[{"x": 3, "y": 2}]', '[{"prediction":-1}]', ...
                 'application/json');
end

function testAnyModelIsAsked(testCase)
    verifyAnswer(testCase, @(T) T.x + 1, sprintf('x\n3\n'), sprintf('prediction\n4\n'));
    model = linear();
    model.Inner = struct('ResponseName', 'price');
    verifyAnswer(testCase, model, sprintf('x,y\n3,2\n'), sprintf('price\n-1\n'));
    model.predictFcn = @(T) table(T.y, 'VariableNames', {'own'});
    verifyAnswer(testCase, model, sprintf('x,y\n3,2\n'), sprintf('own\n2\n'));
end

function testNamesThatNoTableCanHaveAreRefused(testCase)
    bodies = {'x,x\n1,2\n', ':\n1\n', 'Properties\n1\n', [repmat('k', 1, 5000) '\n1\n']};
    for k = 1:numel(bodies)
        verifyRefused(testCase, linear(), sprintf(bodies{k}), 'The name');
    end
    bodies = {'{"": 1}', '{"x": 1, "x": 2}', '{"x": "\u0000"}', '{"instances": [[1, 2]]}'};
    for k = 1:numel(bodies)
        verifyRefused(testCase, linear(), bodies{k}, 'decode:body', 'application/json');
    end
end
