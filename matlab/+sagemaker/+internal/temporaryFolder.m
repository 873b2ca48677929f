function [folder, tidy] = temporaryFolder()
%TEMPORARYFOLDER  A new folder, which is removed with all that it holds when TIDY is cleared.
    folder = tempname();
    mkdir(folder);
    tidy = onCleanup(@() removed(folder));
end

function removed(folder)
    asks = 'confirm_recursive_rmdir';  % Octave would ask, before anything is removed
    if exist(asks, 'builtin')
        before = feval(asks, false);
        restore = onCleanup(@() feval(asks, before));
    end
    if isfolder(folder)
        rmdir(folder, 's');
    end
end
