function pyenv(folder)
%PYENV  The same as sagemaker.setup, by the name that scripts of MathWorks' demo call.
%   sagemaker.pyenv() prepares the kit's Python environment.
%   sagemaker.pyenv(FOLDER) does so as well. FOLDER is not used: the environment lies below the
%   kit's own folder, with the versions that the kit is tested with. MATLAB's own pyenv stays as it
%   is: the kit's Python is a process of its own.
%
%   Example:
%       sagemaker.pyenv()
%
%   See also sagemaker.setup.
    sagemaker.setup();
end
