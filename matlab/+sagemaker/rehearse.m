function result = rehearse(varargin)
%REHEARSE  Run training and handler in this session, without AWS.
%   sagemaker.rehearse() trains as sagemaker.yml of the current folder says, answers the request
%   named there with the new model, and reports what the pipeline would report, in seconds.
%   Breakpoints, the profiler and figures work.
%   sagemaker.rehearse(NAME, VALUE, ...) sets options, each a text:
%       'Config'      - sagemaker.yml of the project. Default: that of the current folder.
%       'Only'        - 'training' or 'handler'. Default: both.
%       'Model'       - use this .mat file or model.tar.gz and do not train.
%       'Request'     - file with the request. Default: inference.request in sagemaker.yml.
%       'Expected'    - file with the expected answer. Default: inference.expected.
%       'Tolerance'   - largest relative difference of two numbers, such as '1e-3'. Default:
%                       inference.tolerance, else '1e-6'.
%       'ContentType' - type of the request, such as 'text/csv'. Default: by the file's name.
%       'Accept'      - type of the answer. Default: the type of the request.
%   RESULT = sagemaker.rehearse(...) returns a struct: engine ('matlab' or 'octave'), metrics (a
%   struct of numbers), prediction (the text of the answer) and judged (false if only the pipeline
%   can tell whether the code works).
%
%   The code runs from the folders of the project. An error in it is caught and reported: to stop
%   there, use `dbstop if caught error`. Path, current folder and environment variables are restored
%   at the end. Raises sagemaker:rehearse:failed if something is wrong; the lines before the error
%   say what.
%
%   Example:
%       sagemaker.rehearse('Only', 'training')
%
%   See also sagemaker.check.
    shown = warning('off', 'Octave:shadowed-function');  % comes with each change of the path
    loud = onCleanup(@() warning(shown));
    names = {'Config', 'Only', 'Model', 'Request', 'Expected', 'Tolerance', 'ContentType', ...
             'Accept'};
    given = sagemaker.internal.verbOptions(varargin, 'rehearse', names);
    sagemaker.internal.requireProject(given, 'rehearse');
    session = tempname();
    options = [{'--session', session}, given];
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
    % Keep what is shown: the metrics are read from it.
    diary(fullfile(session, 'log'));
    closing = onCleanup(@() diary('off'));
    sagemaker.internal.rehearse(session);
end

function require(status)
    if status ~= 0
        error('sagemaker:rehearse:failed', ...
              ['The rehearsal did not pass (exit code %d). The lines above say why; correct ' ...
               'that and call sagemaker.rehearse again.'], status);
    end
end
