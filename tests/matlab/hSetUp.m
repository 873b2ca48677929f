function [log, identifier] = hSetUp(runner)
%HSETUP  What sagemaker.setup with RUNNER shows, and the identifier of what it raises.
%   It is a file of its own: in a test file, which has a function setup, GNU Octave calls that one.
    log = '';
    identifier = '';
    try
        log = evalc('sagemaker.setup(''Runner'', runner)');
    catch err
        identifier = err.identifier;
    end
end
