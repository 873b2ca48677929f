function result = check(varargin)
%CHECK  Check sagemaker.yml and the code without running the code.
%   sagemaker.check() checks the project in the current folder, in a few seconds: the keys of
%   sagemaker.yml, whether training function and handler have the right form, whether the columns
%   of the request are those of the training data, and the syntax of the .m files.
%   sagemaker.check(NAME, VALUE, ...) sets options:
%       'Config'  - sagemaker.yml to check. Default: that of the current folder.
%       'Request' - file with a request, CSV or JSON. Default: inference.request in sagemaker.yml.
%   RESULT = sagemaker.check(...) returns a struct: passed (true) and checks, a struct array with
%   what, state, found and fix.
%   Raises sagemaker:check:failed if something is wrong; the lines before the error say what.
%
%   Example:
%       sagemaker.check('Config', 'models/pump/sagemaker.yml')
%
%   See also sagemaker.rehearse, sagemaker.doctor.
    shown = warning('off', 'Octave:shadowed-function');  % comes with each change of the path
    loud = onCleanup(@() warning(shown));
    given = sagemaker.internal.verbOptions(varargin, 'check', {'Config', 'Request'});
    sagemaker.internal.requireProject(given, 'check');
    session = tempname();
    options = [{'--session', session}, given];
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
              ['The check did not pass (exit code %d). The lines above say why; correct that ' ...
               'and call sagemaker.check again.'], status);
    end
end
