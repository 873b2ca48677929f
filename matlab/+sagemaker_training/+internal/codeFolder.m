function folder = codeFolder(base)
%CODEFOLDER  Folder with the training code: <base>/code.
%   In a rehearsal, MATLAB_SAGEMAKER_CODE names the user's own folder, so that breakpoints work.
    folder = getenv('MATLAB_SAGEMAKER_CODE');
    if isempty(folder)
        folder = fullfile(base, 'code');
    end
end
