function results = runAllTests()
%RUNALLTESTS  Run the tests of this folder in MATLAB; GNU Octave runs them by test_matlab.py.
%   RESULTS = runAllTests() returns the results of runtests. The folder compat tests what only
%   Octave has and is left out. The examples' tests need Statistics and Machine Learning Toolbox.
    here = fileparts(mfilename('fullpath'));
    root = fileparts(fileparts(here));
    before = addpath(fullfile(root, 'matlab'), here);
    restore = onCleanup(@() path(before));
    results = runtests(here);
end
