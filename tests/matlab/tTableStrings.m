function tests = tTableStrings
%TTABLESTRINGS  Tables as delimited text and back, with the options of readtable and writetable.
    tests = functiontests(localfunctions);
end

function T = read(varargin)
    T = sagemaker_inference.readTableFromString(varargin{:});
end

function testWithoutOptionsNamesStayAsTheyAre(testCase)
    T = read(sprintf('flow/mean,kind\n1.5,a\n'));
    verifyEqual(testCase, T, table(1.5, {'a'}, 'VariableNames', {'flow/mean', 'kind'}));
end

function testADelimiterIsGivenByCharacterOrName(testCase)
    expected = table([1; 3], [2; 4], 'VariableNames', {'a', 'b'});
    verifyEqual(testCase, read(sprintf('a;b\n1;2\n3;4\n'), 'Delimiter', ';'), expected);
    verifyEqual(testCase, read(sprintf('a\tb\n1\t2\n3\t4\n'), 'delimiter', 'tab'), expected);
end

function testWithoutVariableNamesColumnsAreNumbered(testCase)
    T = read(sprintf('1,2\n3,4\n'), 'ReadVariableNames', false);
    verifyEqual(testCase, T, table([1; 3], [2; 4], 'VariableNames', {'Var1', 'Var2'}));
end

function testNamesAreMadeValidOnRequest(testCase)
    T = read(sprintf('a/b,a_b\n1,2\n'), 'VariableNamingRule', 'modify');
    names = T.Properties.VariableNames;
    verifyTrue(testCase, all(cellfun(@isvarname, names)));
    verifyEqual(testCase, numel(unique(names)), 2);
end

function testTextIsOfTheTypeThatIsAskedFor(testCase)
    text = sprintf('a,b\nx,1\n');
    T = read(text, 'TextType', 'char', 'FileType', 'delimitedtext');
    verifyEqual(testCase, T.a, {'x'});
    T = read(text, 'TextType', 'string', 'VariableNamingRule', 'Preserve');
    verifyEqual(testCase, class(T.a), class(string({'x'; 'y'})));
    verifyEqual(testCase, T.b, 1);
end

function testWhatIsWrittenIsReadWithTheSameOptions(testCase)
    T = table([0.1; 2], {'a;b'; 'c'}, 'VariableNames', {'x', 'y'});
    text = sagemaker_inference.writeTableToString(T, 'Delimiter', 'semi');
    verifyEqual(testCase, text, sprintf('x;y\n0.1;"a;b"\n2;c\n'));
    verifyEqual(testCase, read(text, 'Delimiter', 'semi'), T);
    text = sagemaker_inference.writeTableToString(T, 'WriteVariableNames', false, ...
                                                  'FileType', 'text');
    verifyEqual(testCase, text, sprintf('0.1,a;b\n2,c\n'));
end

function testAnotherOptionIsRefusedWithTheNearest(testCase)
    message = '';
    try
        read('a', 'ReadVariableName', true);
    catch err
        message = err.message;
        verifyEqual(testCase, err.identifier, 'sagemaker_inference:options:name');
    end
    verifySubstring(testCase, message, 'Is it ''ReadVariableNames''?');
    write = @() sagemaker_inference.writeTableToString(table(1), 'Delimeter', ',');
    verifyError(testCase, write, 'sagemaker_inference:options:name');
end

function testOptionsAreNamesAndValuesThatExist(testCase)
    verifyError(testCase, @() read('a', 'Delimiter'), 'sagemaker_inference:options:pairs');
    verifyError(testCase, @() read('a', 1, 2), 'sagemaker_inference:options:pairs');
    verifyError(testCase, @() read('a', 'TextType', 'cell'), 'sagemaker_inference:options:value');
    verifyError(testCase, @() read('a', 'FileType', 'spreadsheet'), ...
                'sagemaker_inference:options:value');
    verifyError(testCase, @() read('a', 'Delimiter', 'and'), 'sagemaker_inference:csv:delimiter');
end

function testTextThatIsNoTableIsRefused(testCase)
    verifyError(testCase, @() read('', 'Delimiter', ';'), 'sagemaker_inference:decode:body');
    verifyError(testCase, @() read(sprintf('a;b\n1\n'), 'Delimiter', ';'), ...
                'sagemaker_inference:decode:body');
end

function testTheEnvironmentKnowsTheHandlersFolder(testCase)
    setenv('SAGEMAKER_INFERENCE_HANDLER', 'DoublingHandler');
    restore = onCleanup(@() setenv('SAGEMAKER_INFERENCE_HANDLER', ''));
    folder = fullfile(fileparts(mfilename('fullpath')), 'handlers');
    before = addpath(folder);
    back = onCleanup(@() path(before));
    env = sagemaker_inference.Environment();
    verifyEqual(testCase, env.CodeFolder, folder);
    setenv('SAGEMAKER_INFERENCE_HANDLER', 'NoSuchHandler');
    env = sagemaker_inference.Environment();
    verifyEqual(testCase, env.CodeFolder, fullfile(env.BaseFolder, 'code'));
end
