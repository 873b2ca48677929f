function result = rehearse(varargin)
%REHEARSE  Try training and handler in this session: breakpoints, profiler and figures work.
%   sagemaker.rehearse() trains as sagemaker.yml of the current folder says, answers its request
%   with the model just made, and says what the pipeline would say, in seconds and without AWS.
%   sagemaker.rehearse(NAME, VALUE, ...) takes the options of `scripts/run rehearse`:
%       'Config'    - sagemaker.yml of another folder
%       'Only'      - 'training' or 'handler'
%       'Model'     - a .mat file or a model.tar.gz; then nothing is trained
%       'Request', 'Expected', 'Tolerance', 'ContentType', 'Accept'
%   The code runs from the project's own folders. An error in it is caught and reported: to stop
%   there, use `dbstop if caught error`. Path, folder and variables are as before when it ends.
%   Raises sagemaker:rehearse:failed where something is wrong; it is said above.
%   RESULT = sagemaker.rehearse(...) is a struct: engine (matlab or octave), metrics, a struct of
%   numbers, prediction, the answer's text, and judged, false where only the pipeline can judge.
%
%   Example:
%       sagemaker.rehearse('Only', 'training')
%
%   See also sagemaker.check.
    shown = warning('off', 'Octave:shadowed-function');  % of each change of the path
    loud = onCleanup(@() warning(shown));
    session = tempname();
    options = [{'--session', session}, sagemaker.internal.verbOptions(varargin)];
    before = pwd();
    restore = onCleanup(@() cd(before));
    require(sagemaker.internal.runKit('rehearse', options));
    runHere(session);
    cd(before);
    if nargout > 0
        [status, text] = sagemaker.internal.runKit('rehearse', options, '');
        require(status);
        result = jsondecode(text);
    else
        require(sagemaker.internal.runKit('rehearse', options));
    end
end

function runHere(session)
    % What is shown is kept as well: the metrics are read from it.
    diary(fullfile(session, 'log'));
    closing = onCleanup(@() diary('off'));
    sagemaker.internal.rehearse(session);
end

function require(status)
    if status ~= 0
        error('sagemaker:rehearse:failed', ...
              'The rehearsal ended with exit code %d. What is wrong is said above.', status);
    end
end
