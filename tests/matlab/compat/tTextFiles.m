function tests = tTextFiles
%TTEXTFILES  readtable, writetable, datastores, save and load on Octave.
    tests = functiontests(localfunctions);
end

function setup(testCase)
    testCase.TestData.Folder = tempname();
    mkdir(testCase.TestData.Folder);
end

function teardown(testCase)
    hRemoveFolder(testCase.TestData.Folder);
end

function file = written(testCase, name, text)
    file = fullfile(testCase.TestData.Folder, name);
    hWriteText(file, text);
end

function T = readAll(text)
    T = octave_compat.csvToTable(text, ',', true, false);
end

function testWhatWritetableWritesReadtableReads(testCase)
    text = {'plain'; 'a,b'; 'say "x"'; sprintf('two\nlines'); ' padded '; 'ä€'; ''; '12a'};
    T = table(text, [1; -2.5; pi; 1e-300; 1e15; 0.1; NaN; Inf], 'VariableNames', ...
              {'text', 'number'});
    file = fullfile(testCase.TestData.Folder, 'x.csv');
    writetable(T, file);
    back = readtable(file);
    verifyEqual(testCase, back.text, T.text);
    verifyEqual(testCase, back.number, T.number);
end

function testOneColumnOfTextIsWrittenWithItsBlanks(testCase)
    texts = {'a '; ''; '  b'; 'c,d'; 'é'; repmat('x', 1, 5000)};
    T = table(texts, 'VariableNames', {'t'});
    wanted = sprintf('t\n%s\n"%s"\n%s\n"%s"\n%s\n%s\n', texts{:});
    verifyEqual(testCase, sagemaker_inference.internal.text.tableToCsv(T), wanted);
    many = table([texts; repmat({'y'}, 1000, 1)], 'VariableNames', {'t'});
    verifyEqual(testCase, sagemaker_inference.internal.text.tableToCsv(many), ...
                [wanted, repmat(sprintf('y\n'), 1, 1000)]);
end

function testRandomTextSurvivesTheRoundTrip(testCase)
    rng(5);
    letters = ['ab,;"' sprintf('\n') ' '];
    for trial = 1:30
        cells = arrayfun(@(k) ['x' letters(randi(numel(letters), 1, randi(6)))], 1:6, ...
                         'UniformOutput', false);
        T = table(cells(1:3)', cells(4:6)', 'VariableNames', {'a', 'b'});
        verifyEqual(testCase, readAll(sagemaker_inference.internal.text.tableToCsv(T)), T);
    end
end

function testColumnsAreNumericOnlyWhereEveryFieldIsANumber(testCase)
    T = readtable(written(testCase, 'a.csv', sprintf('n,m,t,e\n1,,x,\n2,5,3,\n')));
    verifyEqual(testCase, T.n, [1; 2]);
    verifyEqual(testCase, T.m, [NaN; 5]);
    verifyEqual(testCase, T.t, {'x'; '3'});
    verifyEqual(testCase, T.e, {''; ''});
end

function testADecimalCommaAndAnImaginaryUnitMakeText(testCase)
    T = readAll(sprintf('a,b\n"5,1",3i\n'));
    verifyEqual(testCase, T, table({'5,1'}, {'3i'}, 'VariableNames', {'a', 'b'}));
end

function testPlainNumbersAreReadInOneGoAsTheyAreOneByOne(testCase)
    % With a quoted name, the second text is read by the slow path.
    rng(7);
    odd = {'5-3', '1e', '1e5.3', '5.1.2', '+', '.', '-', '0x10', '', ' 1', '1e5e', 'Inf', 'NaN', ...
           'NA', '1d5', '1 2', '3i', '1/2', '(1)', '1*', '1e+5', '-.5', '5.', sprintf('\t1')};
    for trial = 1:90
        fields = arrayfun(@(x) sprintf('%.15g', x), randn(12, 1) .* 10 .^ randi([-9, 9], 12, 1), ...
                          'UniformOutput', false);
        if mod(trial, 3) > 0
            fields(randi(12, 1, 2)) = odd(randi(numel(odd), 1, 2));
        end
        body = sprintf('%s,%s,%s\n', fields{:});
        fast = readAll([sprintf('a,b,c\n'), body]);
        slow = readAll([sprintf('"a",b,c\n'), body]);
        verifyTrue(testCase, isequaln({fast.a, fast.b, fast.c}, {slow.a, slow.b, slow.c}), body);
    end
end

function testHeadersBecomeValidUniqueNames(testCase)
    T = readtable(written(testCase, 'a.csv', sprintf('a b,,a b,1st\n1,2,3,4\n')));
    names = T.Properties.VariableNames;
    verifyEqual(testCase, numel(unique(names)), 4);
    verifyTrue(testCase, all(cellfun(@isvarname, names)));
    verifyEqual(testCase, names{2}, 'Var2');
end

function testDelimitersAndMissingHeadersAreUnderstood(testCase)
    T = readtable(written(testCase, 'a.txt', sprintf('1|2\n3|4')), 'Delimiter', '|', ...
                  'ReadVariableNames', false);
    verifyEqual(testCase, T{:, :}, [1, 2; 3, 4]);
    T = readtable(written(testCase, 'b.txt', sprintf('a\tb\n3\t4\n')), 'Delimiter', 'tab');
    verifyEqual(testCase, T.b, 4);
end

function testBrokenFilesAreErrors(testCase)
    verifyError(testCase, @() readtable('/no/such/file.csv'), 'octave_compat:readtable:file');
    ragged = written(testCase, 'a.csv', sprintf('a,b\n1\n'));
    verifyError(testCase, @() readtable(ragged), 'sagemaker_inference:csv:ragged');
    open_ = written(testCase, 'b.csv', sprintf('a,b\n"1,2\n'));
    verifyError(testCase, @() readtable(open_), 'sagemaker_inference:csv:quote');
    verifyError(testCase, @() writetable(table(1), '/no/such/folder/x.csv'), ...
                'octave_compat:writetable:file');
end

function testADatastoreReadsTheFilesOfAFolderInOrder(testCase)
    written(testCase, 'b.csv', sprintf('x,y\n3,4\n'));
    written(testCase, 'a.csv', sprintf('x,y\n1,2\n'));
    ds = tabularTextDatastore(testCase.TestData.Folder);
    T = readall(ds);
    verifyEqual(testCase, T{:, :}, [1, 2; 3, 4]);
    seen = [];
    while hasdata(ds)
        part = read(ds);
        seen(end + 1) = part.x;
    end
    verifyEqual(testCase, seen, [1, 3]);
    ds.reset();
    ds.SelectedVariableNames = {'y'};
    verifyEqual(testCase, size(readall(ds)), [2, 1]);
end

function testADatastoreIncludesSubfoldersWhereItIsAskedTo(testCase)
    mkdir(fullfile(testCase.TestData.Folder, 'sub'));
    written(testCase, fullfile('sub', 'b.csv'), sprintf('a/x,y\n3,b\n'));
    written(testCase, 'a.csv', sprintf('a/x,y\n1,a\n'));
    options = {'TextType', 'string', 'VariableNamingRule', 'preserve'};
    T = readall(tabularTextDatastore(testCase.TestData.Folder, options{:}));
    verifyEqual(testCase, T.('a/x'), 1);
    T = readall(tabularTextDatastore(testCase.TestData.Folder, 'IncludeSubfolders', true, ...
                                     options{:}));
    verifyEqual(testCase, T.('a/x'), [1; 3]);
    verifyEqual(testCase, T.y, {'a'; 'b'});
end

function testAnEmptyDatastoreIsAnError(testCase)
    verifyError(testCase, @() tabularTextDatastore(testCase.TestData.Folder), ...
                'octave_compat:datastore:empty');
end

function testSaveAndLoadAddTheExtension(testCase)
    file = fullfile(testCase.TestData.Folder, 'it''s');
    value = struct('a', {{1, 'x'}});
    save(file, 'value');
    verifyEqual(testCase, exist([file '.mat'], 'file'), 2);
    back = load(file);
    verifyEqual(testCase, back.value, value);
    clear('value');
    load(file);
    verifyEqual(testCase, value.a{2}, 'x');
end

function testStringsAreCharOrCells(testCase)
    verifyEqual(testCase, string('a'), 'a');
    verifyEqual(testCase, string(1.5), '1.5');
    verifyEqual(testCase, string([1, 2]), {'1', '2'});
    verifyEqual(testCase, string(true), 'true');
    verifyEqual(testCase, strlength({'a', 'bcd'}), [1, 3]);
    verifyEqual(testCase, contains({'Abc', 'x'}, 'b'), [true, false]);
    verifyEqual(testCase, contains('ABC', {'x', 'b'}, 'IgnoreCase', true), true);
end

function testSaveNamesTheVariableThatIsNotThere(testCase)
    model = 1;
    file = [tempname() '.mat'];
    verifyError(testCase, @() save(file, 'modl', '-v7'), 'octave_compat:save:variable');
    verifyFalse(testCase, isfile(file));
    kept = struct('inner', model);
    save(file, '-struct', 'kept', 'inner');
    verifyEqual(testCase, load(file), kept);
    delete(file);
end
