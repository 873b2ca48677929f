function [folder, tidy] = temporaryFolder()
%TEMPORARYFOLDER  A new folder that is removed, with everything in it, when TIDY is cleared.
    folder = tempname();
    mkdir(folder);
    tidy = onCleanup(@() removed(folder));
end

function removed(folder)
    asks = 'confirm_recursive_rmdir';  % else Octave asks before it removes a folder
    if exist(asks, 'builtin')
        before = feval(asks, false);
        restore = onCleanup(@() feval(asks, before));
    end
    if isfolder(folder)
        rmdir(folder, 's');
    end
end
