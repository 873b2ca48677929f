function tests = tInferenceHandler
%TINFERENCEHANDLER  How the base handler reads requests and writes answers.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Handler = sagemaker_inference.DefaultInferenceHandler();
end

function T = decode(testCase, text, contentType)
    body = unicode2native(text, 'UTF-8');
    T = testCase.TestData.Handler.decode_input(body, contentType);
end

function text = encode(testCase, prediction, accept)
    text = testCase.TestData.Handler.encode_output(prediction, accept);
end

function verifyRefused(testCase, text, contentType)
    verifyError(testCase, @() decode(testCase, text, contentType), ...
                'sagemaker_inference:decode:body', text);
end

function testCsvBecomesATableOfNumbersAndText(testCase)
    T = decode(testCase, sprintf('x,name\r\n1.5,a\r\n-2,"b, ""c"""\r\n'), ...
               'text/csv; charset=utf-8');
    verifyEqual(testCase, T.Properties.VariableNames, {'x', 'name'});
    verifyEqual(testCase, T.x, [1.5; -2]);
    verifyEqual(testCase, T.name, {'a'; 'b, "c"'});
end

function testCsvThatIsNoTableIsRefused(testCase)
    texts = {'', sprintf('\n\n'), sprintf('a,b\n1\n'), sprintf('a,b\n1,2,3\n'), sprintf('a\n"1\n')};
    for k = 1:numel(texts)
        verifyRefused(testCase, texts{k}, 'text/csv');
    end
end

function testMoreThanTenThousandColumnsAreRefusedAtOnce(testCase)
    names = sprintf('c%d,', 1:10000);
    verifyRefused(testCase, sprintf('%sx\n%s1\n', names, repmat('1,', 1, 10000)), 'text/csv');
    members = sprintf('"c%d":1,', 1:10000);
    verifyRefused(testCase, ['{' members '"x":1}'], 'application/json');
end

function testAByteOrderMarkIsNotPartOfTheFirstName(testCase)
    body = [uint8([239, 187, 191]), uint8(sprintf('x\n1\n'))];
    T = testCase.TestData.Handler.decode_input(body, 'text/csv');
    verifyEqual(testCase, T.x, 1);
end

function testBytesThatAreNotUtf8AreRefused(testCase)
    body = [uint8(sprintf('x\n')), uint8([200, 40])];
    verifyError(testCase, @() testCase.TestData.Handler.decode_input(body, 'text/csv'), ...
                'sagemaker_inference:decode:body');
end

function testJsonRecordsOneRecordAndInstancesGiveTheSameTable(testCase)
    expected = table(1, {'ä'}, 'VariableNames', {'x', 'name'});
    texts = {'[{"x": 1, "name": "ä"}]', '{"x": 1, "name": "ä"}', ...
             '{"instances": [{"x": 1, "name": "ä"}]}'};
    for k = 1:numel(texts)
        verifyEqual(testCase, decode(testCase, texts{k}, 'Application/JSON'), expected, texts{k});
    end
end

function testJsonThatIsNestedTooDeepIsRefusedBeforeItIsDecoded(testCase)
    verifyRefused(testCase, repmat('[', 1, 10000), 'application/json');
    verifyRefused(testCase, [repmat('{"x":', 1, 10000), '1', repmat('}', 1, 10000)], ...
                  'application/json');
    T = decode(testCase, sprintf('[{"x": "%s\\\"%s"}]', repmat('[', 1, 99), repmat('{', 1, 99)), ...
               'application/json');
    verifyEqual(testCase, numel(T.x{1}), 199);
    T = decode(testCase, sprintf('[{"x": "\\\\", "y": "%s\\\\\\""}]', repmat('[', 1, 99)), ...
               'application/json');
    verifyEqual(testCase, T.x, {'\'});
    verifyRefused(testCase, ['{"x": "\\", "y": ' repmat('[', 1, 99) repmat(']', 1, 99) '}'], ...
                  'application/json');
end

function testJsonMembersMayStandInAnyOrderAndBeNull(testCase)
    T = decode(testCase, '[{"x": 1, "y": true}, {"y": false, "x": null}, {"x": 3, "y": true}]', ...
               'application/json');
    verifyEqual(testCase, T.x, [1; NaN; 3]);
    verifyEqual(testCase, T.y, [true; false; true]);
end

function testJsonThatIsNoTableIsRefused(testCase)
    texts = {'', '{', '[]', '[1, 2]', '"x"', '{}', '[{"x": 1}, {"y": 1}]', '[{"x": 1}, 2]', ...
             '[{"x": 1}, {"x": "a"}]', '{"x": {"y": 1}}', '{"instances": 3}', '{"x": [1, 2]}'};
    for k = 1:numel(texts)
        verifyRefused(testCase, texts{k}, 'application/json');
    end
end

function testAnUnknownContentTypeIsRefused(testCase)
    types = {'image/png', 'text/plain', 'csv', 'text/csvx', 'application/jsonlines'};
    for k = 1:numel(types)
        verifyError(testCase, @() decode(testCase, '1', types{k}), ...
                    'sagemaker_inference:decode:contentType', types{k});
    end
end

function testAPredictionTableIsWrittenInBothForms(testCase)
    T = table({'a'; 'b,c'}, [0.1; 2], [true; false], 'VariableNames', {'label', 'score', 'ok'});
    verifyEqual(testCase, encode(testCase, T, 'text/csv'), ...
                sprintf('label,score,ok\na,0.1,true\n"b,c",2,false\n'));
    verifyEqual(testCase, encode(testCase, T, 'application/json'), ...
                ['[{"label":"a","score":0.1,"ok":true},' ...
                 '{"label":"b,c","score":2,"ok":false}]']);
end

function testOneRowIsStillAJsonArray(testCase)
    T = table(7, 'VariableNames', {'x'});
    verifyEqual(testCase, encode(testCase, T, 'application/json'), '[{"x":7}]');
    verifyEqual(testCase, encode(testCase, T([], :), 'application/json'), '[]');
end

function testArraysGetTheNamePrediction(testCase)
    verifyEqual(testCase, encode(testCase, [1; 2], 'text/csv'), sprintf('prediction\n1\n2\n'));
    verifyEqual(testCase, encode(testCase, {'a'; 'b'}, 'text/csv'), sprintf('prediction\na\nb\n'));
end

function testCellsAreWrittenValueByValue(testCase)
    cases = {{1; 2}, sprintf('prediction\n1\n2\n'), '[{"prediction":1},{"prediction":2}]'; ...
             {'a'; 3}, sprintf('prediction\na\n3\n'), '[{"prediction":"a"},{"prediction":3}]'; ...
             {true}, sprintf('prediction\ntrue\n'), '[{"prediction":true}]'; ...
             {'a', 1; 'b', 2}, sprintf('prediction_1,prediction_2\na,1\nb,2\n'), ...
             '[{"prediction":["a",1]},{"prediction":["b",2]}]'};
    for k = 1:size(cases, 1)
        verifyEqual(testCase, encode(testCase, cases{k, 1}, 'text/csv'), cases{k, 2});
        verifyEqual(testCase, encode(testCase, cases{k, 1}, 'application/json'), cases{k, 3});
    end
end

function testWhatIsNoValueForEachRowIsRefusedAndNotGluedTogether(testCase)
    odd = {{[1, 2]; [3, 4]}, {{'a'}; {'b'}}, {[]; 'x'}, {['ab'; 'cd']}, {struct('a', 1)}, ...
           zeros(2, 2, 2), [1 + 2i; 3], {1i}};
    for k = 1:numel(odd)
        for accept = {'text/csv', 'application/json'}
            verifyError(testCase, @() encode(testCase, odd{k}, accept{1}), ...
                        'sagemaker_inference:encode:prediction', sprintf('%d', k));
        end
    end
    T = table([1; 2], {'a'; [1, 2]}, 'VariableNames', {'x', 'y'});
    verifyError(testCase, @() encode(testCase, T, 'application/json'), ...
                'sagemaker_inference:encode:prediction');
end

function testAnAcceptHeaderThatCannotBeMetIsRefused(testCase)
    accepts = {'image/png', 'text/html, image/*', 'text/csv;q=0', '*/*;q=0', 'nonsense'};
    for k = 1:numel(accepts)
        verifyError(testCase, @() encode(testCase, table(1), accepts{k}), ...
                    'sagemaker_inference:encode:accept', accepts{k});
    end
end

function testTheBestAcceptableTypeIsChosen(testCase)
    offers = {'text/csv', 'application/json'};
    cases = {'text/csv', 'text/csv'; 'APPLICATION/JSON', 'application/json'; ...
             '*/*', 'text/csv'; 'text/*', 'text/csv'; 'application/*;q=0.1', 'application/json'; ...
             'text/csv;q=0.5, application/json', 'application/json'; ...
             'text/csv; q=0.5, application/json; q=0.4', 'text/csv'; ...
             'application/json, text/csv', 'application/json'; ...
             'text/csv;q=0, */*', 'application/json'; 'image/png, */*;q=0.1', 'text/csv'; ...
             'text/csv; header=present', 'text/csv'; '', ''; 'image/png', ''};
    for k = 1:size(cases, 1)
        verifyEqual(testCase, sagemaker_inference.internal.negotiate(cases{k, 1}, offers), ...
                    cases{k, 2}, cases{k, 1});
    end
end

function testAMissingModelFileAndAMissingVariableAreErrors(testCase)
    folder = tempname();
    mkdir(folder);
    load_it = @() testCase.TestData.Handler.load_model(folder);
    verifyError(testCase, load_it, 'sagemaker_inference:model:missing');
    hWriteText(fullfile(folder, 'model.mat'), '');
    verifyError(testCase, load_it, 'sagemaker_inference:model:missing');
    none = struct();
    save(fullfile(folder, 'model.mat'), '-struct', 'none', '-v7');
    verifyError(testCase, load_it, 'sagemaker_inference:model:missing');
    other = 1;
    save(fullfile(folder, 'model.mat'), 'other', '-v7');
    verifyError(testCase, load_it, 'sagemaker_inference:model:missing');
    model = 5;
    save(fullfile(folder, 'model.mat'), 'model', '-v7');
    verifyEqual(testCase, load_it(), 5);
    hRemoveFolder(folder);
end
