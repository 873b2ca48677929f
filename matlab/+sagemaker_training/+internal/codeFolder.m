function folder = codeFolder(base)
%CODEFOLDER  The folder with the training's code: <base>/code.
%   A rehearsal in a MATLAB session lets MATLAB_SAGEMAKER_CODE name the user's own folder, so that
%   breakpoints in it are met.
    folder = getenv('MATLAB_SAGEMAKER_CODE');
    if isempty(folder)
        folder = fullfile(base, 'code');
    end
end
