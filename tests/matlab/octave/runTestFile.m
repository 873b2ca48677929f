function runTestFile(name)
%RUNTESTFILE  Run the tests in tName.m on Octave and print one line 'TEST {json}' for each.
%   The JSON object has name and failures, a list of texts that is empty if the test has passed.
    functions = feval(name);
    names = cellfun(@func2str, functions, 'UniformOutput', false);
    once = OctaveTestCase();
    runIf(functions, names, 'setupOnce', once);
    for k = 1:numel(functions)
        if ~isempty(regexpi(names{k}, '^test|test$', 'once'))
            testCase = OctaveTestCase();
            testCase.TestData = once.TestData;
            runOne(functions, names, k, testCase);
            report(names{k}, testCase.Failures);
        end
    end
    runIf(functions, names, 'teardownOnce', once);
end

function runOne(functions, names, k, testCase)
    try
        runIf(functions, names, 'setup', testCase);
        test = functions{k};
        test(testCase);
    catch err
        testCase.Failures{end + 1} = described(err);
    end
    try
        runIf(functions, names, 'teardown', testCase);
    catch err
        testCase.Failures{end + 1} = ['teardown: ' described(err)];
    end
end

function runIf(functions, names, name, testCase)
    at = find(strcmp(names, name), 1);
    if ~isempty(at)
        fixture = functions{at};
        fixture(testCase);
    end
end

function text = described(err)
    text = sprintf('%s: %s', err.identifier, err.message);
    for k = 1:min(numel(err.stack), 8)
        text = sprintf('%s\n  at %s, line %d', text, err.stack(k).name, err.stack(k).line);
    end
end

function report(name, failures)
    fprintf('TEST %s\n', jsonencode(struct('name', name, 'failures', {failures})));
    fflush(stdout);
end
