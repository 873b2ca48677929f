function result = check(varargin)
%CHECK  Look at sagemaker.yml, the form of the code, names of columns and syntax: nothing is run.
%   sagemaker.check() looks at the project of the current folder; this session parses its files.
%   sagemaker.check(NAME, VALUE, ...) takes the options of `scripts/run check`: 'Config' and
%   'Request'. Raises sagemaker:check:failed where something is wrong; it is said above.
%   RESULT = sagemaker.check(...) is a struct: passed (true), and checks, a struct array with what,
%   state, found and fix of each.
%
%   Example:
%       sagemaker.check('Config', 'models/pump/sagemaker.yml')
%
%   See also sagemaker.rehearse.
    shown = warning('off', 'Octave:shadowed-function');  % of each change of the path
    loud = onCleanup(@() warning(shown));
    session = tempname();
    options = [{'--session', session}, sagemaker.internal.verbOptions(varargin)];
    require(sagemaker.internal.runKit('check', options));
    sagemaker.internal.parse(fullfile(session, 'files.json'), fullfile(session, 'report.json'));
    if nargout > 0
        [status, text] = sagemaker.internal.runKit('check', options, '');
        require(status);
        result = jsondecode(text);
    else
        require(sagemaker.internal.runKit('check', options));
    end
end

function require(status)
    if status ~= 0
        error('sagemaker:check:failed', ...
              'The check ended with exit code %d. What is wrong is said above.', status);
    end
end
