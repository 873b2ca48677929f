function setup(varargin)
%SETUP  Install the Python packages that the kit needs, once.
%   sagemaker.setup() looks for Python 3.10 or later and installs the packages below the kit's own
%   folder. The first time takes about 20 s, later calls a moment. You do not have to call it: what
%   needs the packages installs them, too.
%   sagemaker.setup('Runner', F) is for tests:
%       'Runner' - function that runs Python, CODE = F(WORDS): WORDS is a 1 x n cell with the
%                  arguments, CODE the exit code. Default: @sagemaker.internal.runPython.
%
%   Raises sagemaker:setup:python if there is no such Python, and sagemaker:setup:failed if the
%   packages cannot be installed; the lines before the error say why.
%
%   Example:
%       sagemaker.setup()
%
%   See also sagemaker.doctor.
    settings = sagemaker.internal.options(struct('Runner', @sagemaker.internal.runPython), ...
                                          varargin, 'setup');
    runner = settings.Runner;
    kit = sagemaker.internal.kitFolder();
    started = tic();
    fprintf('[1/2] Python 3.10 or later: ');
    told = ['import sys; print(sys.version.split()[0], sys.executable, flush=True); ' ...
            'sys.exit(sys.version_info < (3, 10))'];
    if runner({'-c', told}) ~= 0
        error('sagemaker:setup:python', ...
              ['There is no Python 3.10 or later, which the kit needs. Install it from ' ...
               'https://www.python.org or from the packages of your system, so that the ' ...
               'command %s starts it. Then call sagemaker.setup again.'], programName());
    end
    fprintf('[2/2] Python packages\n');
    code = runner({fullfile(kit, 'scripts', 'bootstrap.py'), 'environment', 'runtime'});
    if code ~= 0
        error('sagemaker:setup:failed', ...
              ['The packages could not be installed (exit code %d). The lines above say why. ' ...
               'Correct that and call sagemaker.setup again; it continues where it stopped.'], ...
              code);
    end
    fprintf('Ready after %.0f s. sagemaker.doctor checks whether AWS is ready, too.\n', ...
            toc(started));
end

function name = programName()
    name = 'python3';
    if ispc()
        name = 'python';
    end
end
