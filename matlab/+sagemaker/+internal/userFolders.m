function folders = userFolders()
%USERFOLDERS  Current folder, and folders of the path without those of MATLAB, Octave and the kit.
    kit = sagemaker.internal.kitFolder();
    others = {matlabroot(), fullfile(kit, 'matlab'), fullfile(kit, 'docker')};
    folders = [{pwd()}, strsplit(path(), pathsep())];
    isRelative = cellfun('isempty', regexp(folders, '^([/\\]|\w:|\.?$)', 'once'));  % only on Octave
    folders(isRelative) = cellfun(@(folder) absolute(folder), folders(isRelative), ...
                                  'UniformOutput', false);
    isOwn = cellfun(@(folder) ~any(strcmp(folder, {'', '.'})) && ~below(folder, others), folders);
    folders = unique(folders(isOwn), 'stable');
end

function tf = below(folder, others)
    inside = @(other) strcmp(folder, other) || strncmp(folder, [other filesep()], numel(other) + 1);
    tf = any(cellfun(@(other) inside(other), others));
end

function folder = absolute(folder)
    inside = dir(folder);
    if ~isempty(inside)
        folder = inside(1).folder;
    end
end
