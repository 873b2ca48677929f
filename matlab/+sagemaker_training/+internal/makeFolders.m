function makeFolders(folders)
%MAKEFOLDERS  Create those of FOLDERS (1 x n cell) that are missing.
%   Raises sagemaker_training:environment:folder.
    for folder = folders
        if exist(folder{1}, 'dir') ~= 7
            [isMade, reason] = mkdir(folder{1});
            if ~isMade
                error('sagemaker_training:environment:folder', ...
                      ['Cannot create the folder %s: %s. Set SAGEMAKER_BASE_DIR to a folder ' ...
                       'that you may write to.'], folder{1}, strtrim(reason));
            end
        end
    end
end
