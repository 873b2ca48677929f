function hRemoveFolder(folder)
%HREMOVEFOLDER  Delete a folder with all that it holds, without a question.
    if exist('confirm_recursive_rmdir', 'builtin')
        feval('confirm_recursive_rmdir', false);
    end
    rmdir(folder, 's');
end
