function checkRelease(wanted)
%CHECKRELEASE  Is this MATLAB what matlab.release in sagemaker.yml names: R2026a, or R2026aU2?
%   A release without an update is any update of it. Raises sagemaker:build:release.
    [release, update] = sagemaker.internal.build.installedRelease();
    exact = sprintf('%sU%d', release, update);
    if ~any(strcmp(wanted, {release, exact}))
        error('sagemaker:build:release', ...
              ['wrong release: this MATLAB is %s, and matlab.release in sagemaker.yml is %s.\n' ...
               'Let a MATLAB of that release be the first on PATH, or correct matlab.release.'], ...
              exact, wanted);
    end
end
