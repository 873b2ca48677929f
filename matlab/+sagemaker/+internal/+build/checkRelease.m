function checkRelease(wanted)
%CHECKRELEASE  Check that this MATLAB is the release WANTED, such as R2026a or R2026aU2.
%   A release without an update allows any update of it. Raises sagemaker:build:release.
%   Source: https://www.mathworks.com/help/matlab/ref/matlabrelease.html
    here = matlabRelease();
    release = char(here.Release);
    exact = sprintf('%sU%d', release, double(here.Update));
    if ~any(strcmp(wanted, {release, exact}))
        error('sagemaker:build:release', ...
              ['wrong release: this MATLAB is %s, and matlab.release in sagemaker.yml is %s.\n' ...
               'Put the MATLAB of that release first on PATH, or correct matlab.release.'], ...
              exact, wanted);
    end
end
