function writeText(file, text)
%WRITETEXT  TEXT, in UTF-8, or bytes as the whole content of FILE; its folder is made if missing.
    folder = fileparts(file);
    if ~isfolder(folder)
        mkdir(folder);
    end
    handle = fopen(file, 'w');
    if handle < 0
        error('sagemaker:input:file', '%s cannot be written. Name a folder that can.', file);
    end
    closing = onCleanup(@() fclose(handle));
    if ischar(text)
        text = sagemaker_training.internal.toUtf8(text);
    end
    fwrite(handle, text, 'uint8');
end
