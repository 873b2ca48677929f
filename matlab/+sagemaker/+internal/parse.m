function parse(list, file)
%PARSE  Find the .m files that cannot be parsed.
%   sagemaker.internal.parse(LIST, FILE) reads a JSON object from the file LIST: files, and path,
%   the folders that may have their superclasses. It writes a JSON object to FILE: release, such as
%   2026a ('' on Octave), and errors, an array of objects with file and message, which names the
%   line.
    asked = jsondecode(fileread(list));
    files = cellstr(asked.files);
    folders = cellstr(asked.path);
    before = path();
    restore = onCleanup(@() path(before));
    addpath(folders{:}, '-end');
    found = {};
    for k = 1:numel(files)
        message = sagemaker.internal.syntaxError(files{k});
        if ~isempty(message)
            found{end + 1} = struct('file', files{k}, 'message', message);
        end
    end
    report = struct('release', version('-release'), 'errors', {found});
    handle = fopen(file, 'w');
    closing = onCleanup(@() fclose(handle));
    fwrite(handle, sagemaker_training.internal.toUtf8(jsonencode(report)), 'uint8');
end
