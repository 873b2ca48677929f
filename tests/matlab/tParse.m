function tests = tParse
%TPARSE  Files with syntax errors are found, with their lines.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Folder = tempname();
    mkdir(testCase.TestData.Folder);
    testCase.TestData.Path = path();
end

function teardown(testCase)
    hRemoveFolder(testCase.TestData.Folder);
end

function report = parsed(testCase, files)
    folder = testCase.TestData.Folder;
    asked = fullfile(folder, 'files.json');
    told = fullfile(folder, 'report.json');
    hWriteText(asked, jsonencode(struct('files', {files}, 'path', {{folder}})));
    sagemaker.internal.parse(asked, told);
    report = jsondecode(fileread(told));
end

function file = written(testCase, name, text)
    file = fullfile(testCase.TestData.Folder, name);
    sagemaker.internal.writeText(file, text);
end

function testAFileThatParsesHasNoError(testCase)
    file = written(testCase, 'good.m', sprintf('function good()\nend\n'));
    report = parsed(testCase, {file});
    verifyEmpty(testCase, report.errors);
    verifyEqual(testCase, path(), testCase.TestData.Path);
end

function testAFileThatDoesNotIsNamedWithItsLine(testCase)
    good = written(testCase, 'good.m', sprintf('function good()\nend\n'));
    bad = written(testCase, 'bad.m', sprintf('function bad()\n    x = 1;\n    y = ;\nend\n'));
    report = parsed(testCase, {good, bad});
    verifyEqual(testCase, {report.errors.file}, {bad});
    verifyEqual(testCase, isempty(regexp(report.errors.message, '[Ll]ine:? 3', 'once')), false);
end

function testAClassMayHaveMethodsInOtherFilesOfItsFolder(testCase)
    text = sprintf('classdef Acc\n    methods\n        r = twice(o);\n    end\nend\n');
    file = written(testCase, fullfile('@Acc', 'Acc.m'), text);
    verifyEmpty(testCase, getfield(parsed(testCase, {file}), 'errors'));
    file = written(testCase, fullfile('@Acc', 'Acc.m'), strrep(text, 'end', 'x = (;'));
    verifyEqual(testCase, numel(getfield(parsed(testCase, {file}), 'errors')), 1);
end

function testAFileMayHaveBytesThatAreNotUtf8(testCase)
    file = fullfile(testCase.TestData.Folder, 'sizes.m');
    text = uint8(['function sizes()' 10 '% Gr' 246 223 'e' 10 'end' 10]);
    sagemaker.internal.writeText(file, text);
    verifyEmpty(testCase, getfield(parsed(testCase, {file}), 'errors'));
end

function testAClassWhoseSuperclassIsNotHereParses(testCase)
    file = written(testCase, 'tFit.m', sprintf('classdef tFit < not.here.Parent\nend\n'));
    verifyEmpty(testCase, getfield(parsed(testCase, {file}), 'errors'));
end
