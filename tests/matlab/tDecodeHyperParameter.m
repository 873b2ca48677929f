function tests = tDecodeHyperParameter
%TDECODEHYPERPARAMETER  Decoding the text of a hyperparameter.
    tests = functiontests(localfunctions);
end

function testNumbersBecomeDoubles(testCase)
    texts = {'1', '-2.5', '0.1', '1e3', ' 7 ', '0', '-0.5E-2'};
    values = {1, -2.5, 0.1, 1000, 7, 0, -0.005};
    for k = 1:numel(texts)
        verifyEqual(testCase, sagemaker_training.decodeHyperParameter(texts{k}), values{k}, ...
                    texts{k});
    end
end

function testBooleansBecomeLogicals(testCase)
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('true'), true);
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('false'), false);
end

function testQuotedTextLosesItsQuotes(testCase)
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('"gdi"'), 'gdi');
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('"0.1"'), '0.1');
end

function testArraysAndObjectsAreDecoded(testCase)
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('[1, 2, 3]'), [1; 2; 3]);
    verifyEqual(testCase, sagemaker_training.decodeHyperParameter('{"a": 1}'), struct('a', 1));
end

function testAnyOtherTextStaysAsItIs(testCase)
    texts = {'gdi', '', '01', '+1', '.5', '1,2', 'NaN', 'Inf', 'null', '1 2', '[1,', '{a}', ...
             'True', ...
             '0x1F', ' padded ', 's3://bucket/key'};
    for k = 1:numel(texts)
        verifyEqual(testCase, sagemaker_training.decodeHyperParameter(texts{k}), texts{k}, ...
                    texts{k});
    end
end
