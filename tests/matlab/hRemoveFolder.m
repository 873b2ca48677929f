function hRemoveFolder(folder)
%HREMOVEFOLDER  Delete a folder and everything in it without asking.
    if exist('confirm_recursive_rmdir', 'builtin')
        feval('confirm_recursive_rmdir', false);
    end
    rmdir(folder, 's');
end
