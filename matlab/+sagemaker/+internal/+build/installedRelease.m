function [release, update] = installedRelease()
%INSTALLEDRELEASE  The release of the MATLAB that runs this: 'R2026a', say, and 2 for its update 2.
%   Source: https://www.mathworks.com/help/matlab/ref/matlabrelease.html
    here = matlabRelease();
    release = char(here.Release);
    update = double(here.Update);
end
