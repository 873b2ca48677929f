function file = locate(name)
%LOCATE  File of the user's function or class NAME, such as pump.train; '' if there is none.
%   Searches the current folder and the path without the folders of MATLAB, Octave and the kit.
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
