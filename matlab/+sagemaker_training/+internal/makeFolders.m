function makeFolders(folders)
%MAKEFOLDERS  Make those of FOLDERS (1 x n cell) that are missing.
%   Raises sagemaker_training:environment:folder.
    for folder = folders
        if exist(folder{1}, 'dir') ~= 7
            [isMade, reason] = mkdir(folder{1});
            if ~isMade
                error('sagemaker_training:environment:folder', ...
                      ['The folder %s cannot be made: %s. Let SAGEMAKER_BASE_DIR name a ' ...
                       'folder that you may write to.'], folder{1}, strtrim(reason));
            end
        end
    end
end
