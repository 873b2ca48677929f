function tests = tTable
%TTABLE  The class table for Octave.
    tests = functiontests(localfunctions);
end

function T = sample()
    T = table([1; 2; 3], {'a'; 'b'; 'c'}, [true; false; true], 'VariableNames', ...
              {'x', 'name', 'ok'});
end

function testVariablesAreNamedAfterTheArguments(testCase)
    weight = [1; 2];
    label = {'a'; 'b'};
    T = table(weight, label, weight + 1);
    verifyEqual(testCase, T.Properties.VariableNames, {'weight', 'label', 'Var3'});
end

function testOneVariableNameMayBeText(testCase)
    T = table({'a'}, 'VariableNames', string('species'));
    verifyEqual(testCase, T.Properties.VariableNames, {'species'});
end

function testSizesAreRowsAndVariables(testCase)
    T = sample();
    verifyEqual(testCase, size(T), [3, 3]);
    verifyEqual(testCase, size(T, 1), 3);
    verifyEqual(testCase, [height(T), width(T)], [3, 3]);
    [rows, columns] = size(T);
    verifyEqual(testCase, [rows, columns], [3, 3]);
    verifyFalse(testCase, isempty(T));
    verifyTrue(testCase, isempty(T([], :)));
    verifyTrue(testCase, istable(T));
    verifyFalse(testCase, istable(1));
end

function testBracesGiveValuesAndParenthesesTables(testCase)
    T = sample();
    verifyEqual(testCase, T{:, {'x', 'ok'}}, [1, 1; 2, 0; 3, 1]);
    verifyEqual(testCase, T{2, 'name'}, {'b'});
    part = T(2:end, [1, 2]);
    verifyEqual(testCase, part.x, [2; 3]);
    verifyEqual(testCase, part.Properties.VariableNames, {'x', 'name'});
    part = T(T.x > 1 & T.ok, 'name');
    verifyEqual(testCase, part.name, {'c'});
    verifyEqual(testCase, T.name{2}, 'b');
    verifyEqual(testCase, T.x(end), 3);
    verifyEqual(testCase, T.('x'), [1; 2; 3]);
end

function testVariablesCanBeAddedChangedRenamedAndRemoved(testCase)
    T = sample();
    T.y = T.x * 2;
    T.x(2) = 20;
    T{1, 'y'} = 7;
    T.ok = [];
    T.Properties.VariableNames{1} = 'z';
    verifyEqual(testCase, T.Properties.VariableNames, {'z', 'name', 'y'});
    verifyEqual(testCase, T{:, {'z', 'y'}}, [1, 7; 20, 4; 3, 6]);
    T(2, :) = [];
    T(:, 'name') = [];
    verifyEqual(testCase, T{:, :}, [1, 7; 3, 6]);
    T.Properties.VariableNames = {'a', 'b'};
    verifyEqual(testCase, T.b, [7; 6]);
end

function testRowsAreStackedByName(testCase)
    T = sample();
    both = [T; T(3, {'ok', 'name', 'x'})];
    verifyEqual(testCase, both.x, [1; 2; 3; 3]);
    verifyEqual(testCase, both.name, {'a'; 'b'; 'c'; 'c'});
    wide = [T(:, 'x'), T(:, 'name')];
    verifyEqual(testCase, wide.Properties.VariableNames, {'x', 'name'});
end

function testMistakesCarryMatlabsIdentifiers(testCase)
    T = sample();
    verifyError(testCase, @() T.nope, 'MATLAB:table:UnrecognizedVarName');
    verifyError(testCase, @() T{:, 'nope'}, 'MATLAB:table:UnrecognizedVarName');
    verifyError(testCase, @() T{:, 4}, 'MATLAB:table:VarIndexOutOfRange');
    verifyError(testCase, @() T{:, :}, 'MATLAB:table:ExtractDataIncompatibleTypeError');
    verifyError(testCase, @() table([1; 2], 1), 'MATLAB:table:UnequalVarLengths');
    verifyError(testCase, @() table(1, 'VariableNames', {'a', 'b'}), ...
                'MATLAB:table:IncorrectNumberOfVarNames');
    verifyError(testCase, @() horzcat(T, T), 'MATLAB:table:DuplicateVarNames');
    verifyError(testCase, @() vertcat(T, T(:, 1)), 'MATLAB:table:vertcat:UnequalVarNames');
end

function testTablesConvertToAndFromArraysAndStructs(testCase)
    T = array2table([1, 2; 3, 4], 'VariableNames', {'a', 'b'});
    verifyEqual(testCase, table2array(T), [1, 2; 3, 4]);
    records = table2struct(sample());
    verifyEqual(testCase, records(2), struct('x', 2, 'name', 'b', 'ok', false));
    verifyEqual(testCase, struct2table(records), sample());
    verifyEqual(testCase, height(head(T, 1)), 1);
end
