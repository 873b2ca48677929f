function pyenv(folder)
%PYENV  Same as sagemaker.setup; scripts of MathWorks' demo call it by this name.
%   sagemaker.pyenv() installs the Python packages that the kit needs.
%   sagemaker.pyenv(FOLDER) does the same and ignores FOLDER: the packages go below the kit's own
%   folder. MATLAB's own pyenv does not change, because the kit runs Python as a separate process.
%
%   Example:
%       sagemaker.pyenv()
%
%   See also sagemaker.setup.
    sagemaker.setup();
end
