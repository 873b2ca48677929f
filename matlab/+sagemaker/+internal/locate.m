function file = locate(name)
%LOCATE  The file of the user's function or class NAME, such as pump.train; '' where there is none.
%   Searches the current folder and the path, but neither the engine's folders nor the kit's.
    parts = strsplit(name, '.');
    packages = strcat('+', parts(1:end - 1));
    inside = {fullfile(packages{:}, [parts{end} '.m']), ...
              fullfile(packages{:}, ['@' parts{end}], [parts{end} '.m'])};
    folders = sagemaker.internal.userFolders();
    for k = 1:numel(folders)
        for n = 1:numel(inside)
            file = fullfile(folders{k}, inside{n});
            if isfile(file)
                return
            end
        end
    end
    file = '';
end
