function tests = functiontests(functions)
%FUNCTIONTESTS  functiontests of matlab.unittest for Octave: the local functions of the test file.
    tests = functions;
end
