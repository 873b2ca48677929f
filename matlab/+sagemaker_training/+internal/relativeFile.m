function [shown, isInside] = relativeFile(file, folder)
%RELATIVEFILE  FILE as seen from FOLDER, or its bare name where it lies elsewhere.
    root = [regexprep(folder, '[/\\]+$', '') filesep];
    isInside = strncmp(file, root, numel(root));
    if isInside
        shown = file(numel(root) + 1:end);
    else
        [~, name, extension] = fileparts(file);
        shown = [name extension];
    end
end
