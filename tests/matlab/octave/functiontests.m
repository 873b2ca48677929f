function tests = functiontests(functions)
%FUNCTIONTESTS  matlab.unittest's functiontests for GNU Octave: the test file's local functions.
    tests = functions;
end
