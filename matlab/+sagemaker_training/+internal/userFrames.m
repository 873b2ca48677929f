function frames = userFrames(err, codeFolder)
%USERFRAMES  Where an error occurred, innermost first: a struct array with Text and IsUsers.
%   FRAMES = userFrames(ERR, CODEFOLDER): Text is '<function> (<file>, line <n>)', with the file
%   relative to CODEFOLDER if it is in there. Frames of this package, and of what called it, are
%   left out.
    frames = parseErrorFrame(err.message, codeFolder);
    stack = err.stack;
    for k = 1:numel(stack)
        if ~isempty(strfind(stack(k).file, '+sagemaker_training'))
            break
        end
        if ~isempty(stack(k).file)
            frames = [frames, frame(stack(k).name, stack(k).file, stack(k).line, codeFolder)];
        end
    end
end

function one = frame(name, file, line, codeFolder)
    [shown, isUsers] = relativeFile(file, codeFolder);
    name = regexprep(name, '^.*>(?=.)', '');  % MATLAB names a local function file>function
    one = struct('Text', sprintf('%s (%s, line %d)', name, shown, line), 'IsUsers', isUsers);
end

function [shown, isInside] = relativeFile(file, folder)
    % FILE relative to FOLDER, or its name without a folder if it is elsewhere.
    root = [regexprep(folder, '[/\\]+$', '') filesep];
    isInside = strncmp(file, root, numel(root));
    if isInside
        shown = file(numel(root) + 1:end);
    else
        [~, name, extension] = fileparts(file);
        shown = [name extension];
    end
end

function frames = parseErrorFrame(message, codeFolder)
    % A file with a syntax error has no frame: MATLAB and Octave name it in the message.
    frames = struct('Text', {}, 'IsUsers', {});
    forms = {'near line (?<line>\d+)(?:, column \d+)?,? (?:of|in) file (?<file>[^\n]+?\.m)', ...
             'File: (?<file>[^\n]+?\.m) Line: (?<line>\d+)'};
    for k = 1:numel(forms)
        found = regexp(message, forms{k}, 'names', 'once');
        if ~isempty(found) && ~isempty(found.file)
            [folder, name, extension] = fileparts(found.file);
            if isempty(folder)
                folder = codeFolder;
            end
            file = fullfile(folder, [name extension]);
            frames = frame(name, file, str2double(found.line), codeFolder);
            return
        end
    end
end
