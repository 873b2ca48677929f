function tests = tInferenceNumbers
%TINFERENCENUMBERS  Numbers and labels in requests and answers with many rows.
    tests = functiontests(localfunctions);
end

function testRecordsThatDifferInTheirNumbersOnlyAreReadAtOnce(testCase)
    forms = {'[{"x": 1, "y 2": -0.5}, {"x": 30, "y 2": 0.1}]', ...
             '[{"x":1,"y 2":-0.5},{"x":30,"y 2":0.1}]', ...
             sprintf(' [\n{ "x" : 1, "y 2" :\t-0.5 }\n,\r\n{ "x" : 30, "y 2" :\t0.1 }\n] '), ...
             '{"instances": [{"x":1,"y 2":-0.5},{"x":30,"y 2":0.1}]}'};
    for k = 1:numel(forms)
        [names, columns, hasInstances] = ...
            sagemaker_inference.internal.jsonNumberRecords(forms{k});
        verifyEqual(testCase, names, {'x', 'y 2'}, forms{k});
        verifyEqual(testCase, columns, {[1; 30], [-0.5; 0.1]}, forms{k});
        verifyEqual(testCase, hasInstances, k == 4, forms{k});
    end
end

function testRecordsThatDifferInMoreAreNotReadAtOnce(testCase)
    texts = {'', '[]', '{"x": 1}', '[{"x": 1}]', '[{"x": 1}, {"y": 1}]', ...
             '[{"x": 1}, {"x": null}]', '[{"x": 1}, {"x": "1"}]', '[{"x": 1}, {"x": 1e5}]', ...
             '[{"x": 1, "y": 2}, {"y": 2, "x": 1}]', '[{"x": 1}, {"x": 1, "x": 2}]', ...
             '[{"a\"b": 1}, {"a\"b": 2}]', '[{"x": {"y": 1}}, {"x": {"y": 2}}]'};
    for k = 1:numel(texts)
        verifyEmpty(testCase, sagemaker_inference.internal.jsonNumberRecords(texts{k}), texts{k});
    end
end

function testWhatIsNearlyRecordsOfNumbersIsRefused(testCase)
    one = char(1);
    texts = {'[{"x": 1}, {"x": 01}]', '[{"x": 1}, {"x": 1.}]', '[{"x": 1}, {"x": 1 2}]', ...
             '[{"x": 1}, {"x": }]', '[{"x": 1}, {"x": -}]', '[{"x": 1}, {"x": 1}', ...
             '[{"x": 1}, {"x": 1}]}', '{"instances": [{"x": 1}, {"x": 1}]', ...
             '[{"x": 1}  {"x": 1}]', '[{"x": 1},, {"x": 1}]', '[{"x": 1}, {"x": 1},]', ...
             '[{"x": 1, 5, "y": 2}, {"x": 1, "y": 2}]', '[5{"x": 1}, 5{"x": 1}]', ...
             ['[{"x": 1}, {"x": 1' one '2}]'], ['[{"x": 1},' char(11) '{"x": 1}]'], ...
             ['[{"x": 1}, {"x": 1}' char(0) ']'], sprintf('[{"x\n": 1}, {"x\n": 1}]')};
    for k = 1:numel(texts)
        verifyError(testCase, @() decoded(texts{k}, 'application/json'), ...
                    'sagemaker_inference:decode:body', texts{k});
    end
end

function testALongTextMayHaveAnyCharacterAnywhere(testCase)
    name = repmat(native2unicode(uint8([195, 164]), 'UTF-8'), 1, 28);
    for first = {'x', 'xy'}
        record = sprintf('{"%s%s": 1, "%s": 2}', first{1}, name, name);
        text = ['[' record ', ' record ', ' strrep(record, ' 1', ' "1"') ']'];
        verifyError(testCase, @() decoded(text, 'application/json'), ...
                    'sagemaker_inference:decode:body', text);
        T = decoded(strrep(text, '"1"', '3'), 'application/json');
        verifyEqual(testCase, T{:, :}, [1, 2; 1, 2; 3, 2]);
    end
end

function testEachNumberIsTheNearestDouble(testCase)
    texts = {'0.30000000000000004', '-0', '0.1', '123456789012345678', '-0.00001', ...
             '2.2250738585072014', '0.000000000000000000000012345', '9007199254740993'};
    for k = 1:numel(texts)
        expected = sscanf(texts{k}, '%f');
        values = sagemaker_inference.internal.text.plainNumbers([texts{k} ',1']);
        verifyEqual(testCase, num2hex(values), num2hex([expected; 1]), texts{k});
    end
    for text = {'', ',', '1,', '1,,2', '01', '.5', '5.', '+1', '1e5', '1/2', '-', '1 2', 'null'}
        verifyEmpty(testCase, sagemaker_inference.internal.text.plainNumbers(text{1}), text{1});
    end
end

function testNumbersThatJsonWouldHaveOtherwiseAreNumbersInCsv(testCase)
    T = decoded(sprintf('x,y\n007,.5\n+1e5,-0\n'), 'text/csv');
    verifyEqual(testCase, T{:, :}, [7, 0.5; 1e5, 0]);
    [~, columns] = sagemaker_inference.internal.text.csvColumns( ...
        sprintf('1;5,1\n2;3\n'), ';', @(fields) false);
    verifyEqual(testCase, columns, {[1; 2], {'5,1'; '3'}});
end

function testFewAndManyDifferentTextsAreWrittenAlike(testCase)
    words = arrayfun(@(k) repmat(char(96 + k), 1, mod(k, 5)), (1:26)', 'UniformOutput', false);
    for kinds = [1, 2, 15, 16, 17, 26]
        texts = words(mod(0:99, kinds)' + 1);
        verifyEqual(testCase, ...
                    sagemaker_inference.internal.text.joinRows({'<', texts, '>'}, 100), ...
                    sprintf('<%s>', texts{:}));
    end
end

function T = decoded(text, contentType)
    handler = sagemaker_inference.DefaultInferenceHandler();
    T = handler.decode_input(unicode2native(text, 'UTF-8'), contentType);
end
