function [log, identifier] = hSetUp(runner)
%HSETUP  Run sagemaker.setup with RUNNER: its output, and the identifier of its error.
%   This is not in the test file, because there Octave would call the file's own function setup.
    log = '';
    identifier = '';
    try
        log = evalc('sagemaker.setup(''Runner'', runner)');
    catch err
        identifier = err.identifier;
    end
end
