function [text, where] = errorReport(identifier, err, folder)
%ERRORREPORT  A handler's error for the log, and where in the user's code in FOLDER it arose.
%   TEXT has the identifier, the message and the stack, innermost frame first; frames of the kit are
%   told by their number. WHERE is '<function> (<file relative to FOLDER>, line <n>)', '' where the
%   error has no frame of the user's.
    message = err.message(1:min(end, 2000));  % it may have a whole body in it
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
        name = regexprep(frame.name, '^.*>(?=.)', '');  % file>local function
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
    % FILE as seen from FOLDER, or its bare name where it lies elsewhere.
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
    % This package, what Octave lacks, the loop that calls them, and frames of no file.
    tf = isempty(file) || ~isempty(regexp(file, ...
        '[/\\](\+sagemaker_inference|compat)[/\\]|[/\\]worker\.m$', 'once'));
end

function text = folded(count)
    text = '';
    if count > 0
        text = sprintf('  (%d of the kit''s own)\n', count);
    end
end
