function parse(list, file)
%PARSE  Which .m files the engine cannot parse.
%   sagemaker.internal.parse(LIST, FILE) reads the JSON object in the file LIST: files, and path,
%   the folders in which their superclasses may be. It writes a JSON object to FILE:
%   release, of MATLAB (2026a), '' where the engine has none, and errors, an array of objects: file,
%   and message, in which the engine names the line.
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
