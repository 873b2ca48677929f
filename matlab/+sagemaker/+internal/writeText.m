function writeText(file, text)
%WRITETEXT  Write TEXT (char, in UTF-8, or bytes) to FILE; create its folder if it is missing.
    folder = fileparts(file);
    if ~isfolder(folder)
        mkdir(folder);
    end
    handle = fopen(file, 'w');
    if handle < 0
        error('sagemaker:input:file', ...
              'Cannot write %s. Give a folder that you may write to.', file);
    end
    closing = onCleanup(@() fclose(handle));
    if ischar(text)
        text = sagemaker_training.internal.toUtf8(text);
    end
    fwrite(handle, text, 'uint8');
end
