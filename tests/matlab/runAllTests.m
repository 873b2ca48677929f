function results = runAllTests()
%RUNALLTESTS  Run the tests in this folder in MATLAB. On GNU Octave, test_matlab.py runs them.
%   RESULTS = runAllTests() returns the results of runtests. The folder compat is left out: it tests
%   functions that only Octave needs. The tests of the examples need Statistics and Machine Learning
%   Toolbox.
    here = fileparts(mfilename('fullpath'));
    root = fileparts(fileparts(here));
    before = addpath(fullfile(root, 'matlab'), here);
    restore = onCleanup(@() path(before));
    results = runtests(here);
end
