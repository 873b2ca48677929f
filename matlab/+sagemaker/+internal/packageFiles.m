function products = packageFiles(name, start, folder)
%PACKAGEFILES  Copy the file of a function or class, and the files that it needs, into FOLDER.
%   PRODUCTS = packageFiles(NAME, START, FOLDER) copies the file START of NAME. Each file keeps its
%   package, class and private folders. The files are listed in the command window. Raises
%   sagemaker:trainingFunction:twice if two of them would become the same file.
    [files, products] = sagemaker.internal.requiredFiles(start);
    places = cell(size(files));
    for k = 1:numel(files)
        [root, places{k}] = sagemaker.internal.placeOf(files{k});
        at = find(strcmp(places(1:k - 1), places{k}), 1);
        if ~isempty(at)
            error('sagemaker:trainingFunction:twice', ...
                  '%s and %s would both be sent as %s. Rename one of them.', ...
                  files{at}, files{k}, places{k});
        end
        sagemaker.internal.copyWhole(files{k}, fullfile(folder, places{k}));
    end
    fprintf('Files sent for %s: %s.\n', name, strjoin(sort(places), ', '));
end
