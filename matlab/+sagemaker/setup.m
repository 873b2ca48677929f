function setup(varargin)
%SETUP  Prepare the kit's Python environment, once; each step is shown as it goes.
%   sagemaker.setup() looks for Python 3.10 or newer and installs the locked packages that the kit
%   needs below the kit's own folder: about 20 s the first time, a moment afterwards. Every call
%   that needs them does so by itself; this is for doing it beforehand.
%   sagemaker.setup('Runner', F) runs Python by F: CODE = F(WORDS) runs it with the arguments WORDS,
%   a 1 x n cell of texts, shows what it says, and returns its exit code. Default is
%   @sagemaker.internal.runPython.
%
%   Raises sagemaker:setup:python without such a Python, and sagemaker:setup:failed where the
%   packages could not be installed; the reason is said above.
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
    fprintf('[1/2] Python 3.10 or newer: ');
    told = ['import sys; print(sys.version.split()[0], sys.executable, flush=True); ' ...
            'sys.exit(sys.version_info < (3, 10))'];
    if runner({'-c', told}) ~= 0
        error('sagemaker:setup:python', ...
              ['There is no Python 3.10 or newer. The kit runs in a Python of its own. Install ' ...
               'it from https://www.python.org or your system''s packages, so that %s starts ' ...
               'it; then call sagemaker.setup again.'], programName());
    end
    fprintf('[2/2] The kit''s packages\n');
    code = runner({fullfile(kit, 'scripts', 'bootstrap.py'), 'environment', 'runtime'});
    if code ~= 0
        error('sagemaker:setup:failed', ...
              ['The packages could not be installed (exit code %d). The lines above say why; ' ...
               'call sagemaker.setup again to go on.'], code);
    end
    fprintf('Ready after %.0f s. sagemaker.doctor says whether AWS is ready as well.\n', ...
            toc(started));
end

function name = programName()
    name = 'python3';
    if ispc()
        name = 'python';
    end
end
