function [text, where] = errorReport(identifier, err, folder)
%ERRORREPORT  A handler's error for the log, and the line of the user's code where it occurred.
%   [TEXT, WHERE] = errorReport(IDENTIFIER, ERR, FOLDER): TEXT has the identifier, the message and
%   the stack, innermost frame first, with the number of the kit's frames instead of the frames.
%   WHERE is '<function> (<file relative to FOLDER>, line <n>)', or '' if no frame is in FOLDER.
    message = err.message(1:min(end, 2000));  % it may contain a whole body
    text = sprintf('%s: %s\n', identifier, message);
    where = '';
    hidden = 0;
    for k = 1:numel(err.stack)
        frame = err.stack(k);
        [file, isUsers] = relativeFile(frame.file, folder);
        if ~isUsers && isKits(frame.file)
            hidden = hidden + 1;
            continue
        end
        name = regexprep(frame.name, '^.*>(?=.)', '');  % MATLAB's name is file>local function
        shown = sprintf('%s (%s, line %d)', name, file, frame.line);
        if isUsers && isempty(where)
            where = shown;
        end
        text = [text, folded(hidden), sprintf('  at %s\n', shown)];
        hidden = 0;
    end
    text = [text, folded(hidden)];
end

function [shown, isInside] = relativeFile(file, folder)
    % FILE relative to FOLDER, or its name without a folder if it is elsewhere.
    root = [folder, filesep()];
    isInside = ~isempty(folder) && strncmp(file, root, numel(root));
    if isInside
        shown = file(numel(root) + 1:end);
    else
        [~, name, extension] = fileparts(file);
        shown = [name, extension];
    end
end

function tf = isKits(file)
    % This package, the kit's functions for Octave, the loop that calls them, and frames without a
    % file.
    tf = isempty(file) || ~isempty(regexp(file, ...
        '[/\\](\+sagemaker_inference|compat)[/\\]|[/\\]worker\.m$', 'once'));
end

function text = folded(count)
    text = '';
    if count > 0
        text = sprintf('  (%d in the kit''s code)\n', count);
    end
end
