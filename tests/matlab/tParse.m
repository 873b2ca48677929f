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
    hWriteText(file, text);
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
