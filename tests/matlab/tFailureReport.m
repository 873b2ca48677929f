function tests = tFailureReport
%TFAILUREREPORT  Text of SageMaker's failure file.
    tests = functiontests(localfunctions);
end

function err = failed(identifier, message, stack)
    err = struct('identifier', identifier, 'message', message, 'stack', stack);
end

function stack = frames(varargin)
    stack = struct('file', {}, 'name', {}, 'line', {});
    for k = 1:3:numel(varargin)
        stack(end + 1) = struct('file', varargin{k}, 'name', varargin{k + 1}, 'line', ...
                                varargin{k + 2});
    end
end

function testAnErrorWithoutIdentifierGetsThePackagesOwn(testCase)
    text = sagemaker_training.failureReport(failed('', 'oh no', frames()), '/opt/ml/code');
    verifyEqual(testCase, text, 'sagemaker_training:error: oh no');
end

function testTheFirstFrameOfTheUsersCodeIsNamed(testCase)
    stack = frames('/usr/lib/mean.m', 'mean', 7, '/opt/ml/code/sub/fit.m', 'fit>inner', 12, ...
                   '/opt/ml/code/train.m', 'train', 3);
    text = sagemaker_training.failureReport(failed('a:b', 'bad', stack), '/opt/ml/code/');
    nl = sprintf('\n');
    verifyEqual(testCase, text, ['a:b: bad' nl 'In inner (sub/fit.m, line 12)' nl ...
        '  at mean (mean.m, line 7)' nl '  at inner (sub/fit.m, line 12)' nl ...
        '  at train (train.m, line 3)']);
end

function testTheUsersFrameIsNotRepeatedWhereItIsTheInnermost(testCase)
    stack = frames('/opt/ml/code/fit.m', 'fit', 12, '/opt/ml/code/train.m', 'train', 3);
    text = sagemaker_training.failureReport(failed('a:b', 'bad', stack), '/opt/ml/code');
    nl = sprintf('\n');
    verifyEqual(testCase, text, ['a:b: bad' nl 'In fit (fit.m, line 12)' nl ...
        '  at train (train.m, line 3)']);
end

function testAFolderThatOnlyStartsAlikeIsNotTheUsers(testCase)
    stack = frames('/opt/ml/code2/train.m', 'train', 3);
    text = sagemaker_training.failureReport(failed('a:b', 'bad', stack), '/opt/ml/code');
    verifyEmpty(testCase, strfind(text, 'In '));
end

function testFramesFromThisPackageOnAreLeftOut(testCase)
    stack = frames('/opt/ml/code/train.m', 'train', 3, '/x/+sagemaker_training/main.m', 'main', ...
                   9, ...
                   '/opt/ml/code/other.m', 'other', 1);
    text = sagemaker_training.failureReport(failed('a:b', 'bad', stack), '/opt/ml/code');
    verifyEmpty(testCase, strfind(text, 'main'));
    verifyEmpty(testCase, strfind(text, 'other'));
end

function testAnAnonymousFunctionHasAName(testCase)
    stack = frames('/opt/ml/code/train.m', '@<anonymous>', 3);
    text = sagemaker_training.failureReport(failed('a:b', 'bad', stack), '/opt/ml/code');
    verifySubstring(testCase, text, 'In @<anonymous> (train.m, line 3)');
end

function testAMessageOfSeveralLinesStandsOnOne(testCase)
    text = sagemaker_training.failureReport(failed('a:b', sprintf('one\n  two\n'), frames()), '/c');
    verifyEqual(testCase, text, 'a:b: one two');
end

function testMatlabsParseErrorsAreRead(testCase)
    message = sprintf('Error: File: train.m Line: 4 Column: 5\nInvalid expression.');
    text = sagemaker_training.failureReport(failed('MATLAB:m_x', message, frames()), ...
                                            '/opt/ml/code');
    verifySubstring(testCase, text, 'In train (train.m, line 4)');
end

function testTextIsCutBetweenCharactersAtEveryLimit(testCase)
    err = failed('a:b', 'aä€bcdef', frames());
    sizes = zeros(1, 17);
    for limit = 0:16
        cut = sagemaker_training.failureReport(err, '/c', limit);
        sizes(limit + 1) = numel(unicode2native(cut, 'UTF-8'));
    end
    verifyEqual(testCase, sizes, [0:9, 9, 11, 11, 11, 14, 15, 16]);
end

function testBytesThatAreNoTextDoNotBreakTheReport(testCase)
    bytes = sagemaker_training.internal.toUtf8(char([97, 200, 98]));
    verifyEqual(testCase, bytes([1, end]), uint8('ab'));
end
