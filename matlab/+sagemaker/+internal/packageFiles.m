function products = packageFiles(name, start, folder)
%PACKAGEFILES  Copy the file START of the function or class NAME, and what it needs, into FOLDER.
%   Each goes where its packages, class or private folders have it; what travels is said.
%   Raises sagemaker:trainingFunction:twice for two files that would be one.
    [files, products] = sagemaker.internal.requiredFiles(start);
    places = cell(size(files));
    for k = 1:numel(files)
        [root, places{k}] = sagemaker.internal.placeOf(files{k});
        at = find(strcmp(places(1:k - 1), places{k}), 1);
        if ~isempty(at)
            error('sagemaker:trainingFunction:twice', ...
                  '%s and %s would be the same file %s. Rename one of them.', ...
                  files{at}, files{k}, places{k});
        end
        sagemaker.internal.copyWhole(files{k}, fullfile(folder, places{k}));
    end
    fprintf('%s travels with %s.\n', name, strjoin(sort(places), ', '));
end
