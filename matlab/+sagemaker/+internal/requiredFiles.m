function [files, products] = requiredFiles(start)
%REQUIREDFILES  The user's files and the products that the file START needs.
%   [FILES, PRODUCTS] = requiredFiles(START): FILES is a row of full names, with START. MATLAB gets
%   both from requiredFilesAndProducts; PRODUCTS does not have MATLAB itself. On Octave, FILES are
%   the files on the path whose names are words in START or in another of FILES: functions, whole
%   packages and class folders, and private functions beside them. PRODUCTS is then {}.
%   Source: https://www.mathworks.com/help/matlab/ref/matlab.codetools.requiredfilesandproducts.html
    products = {};
    if strcmp(sagemaker.internal.engine(), 'matlab')
        [files, about] = matlab.codetools.requiredFilesAndProducts(start);
        isOwn = cellfun(@(file) isUsers(file), files);
        files = reshape(files(isOwn), 1, []);
        products = setdiff({about.Name}, {'MATLAB'});
        return
    end
    files = {start};
    k = 1;
    while k <= numel(files)
        files = unique([files, namedIn(files{k})], 'stable');
        k = k + 1;
    end
end

function tf = isUsers(file)
    kit = fullfile(sagemaker.internal.kitFolder(), 'matlab');
    tf = ~strncmp(file, [kit filesep()], numel(kit) + 1);
end

function found = namedIn(file)
    % The user's files whose names are words in FILE. Comment lines do not count.
    found = {};
    [folder, own, extension] = fileparts(file);
    if ~strcmp(extension, '.m')
        return
    end
    text = regexprep(sagemaker.internal.readText(file), '^[ \t]*[%#][^\n]*$', '', 'lineanchors');
    words = setdiff(unique(regexp(text, '[A-Za-z]\w*', 'match')), {own});
    folders = [{fullfile(folder, 'private'), folder}, sagemaker.internal.userFolders()];
    for k = 1:numel(words)
        found = [found, named(words{k}, folders)];
    end
end

function found = named(word, folders)
    % The first file or folder with that name.
    found = {};
    for k = 1:numel(folders)
        if isfile(fullfile(folders{k}, [word '.m']))
            found = {fullfile(folders{k}, [word '.m'])};
            return
        end
        for sign = '@+'
            inner = fullfile(folders{k}, [sign word]);
            if isfolder(inner)
                found = filesBelow(inner);
                return
            end
        end
    end
end

function found = filesBelow(folder)
    found = {};
    inside = dir(folder);
    for k = 1:numel(inside)
        file = fullfile(folder, inside(k).name);
        if ~inside(k).isdir
            found{end + 1} = file;
        elseif inside(k).name(1) ~= '.'
            found = [found, filesBelow(file)];
        end
    end
end
