function writeText(file, text)
%WRITETEXT  TEXT as the whole content of FILE, in UTF-8. Raises sagemaker:build:input.
    handle = fopen(file, 'w');
    if handle < 0
        error('sagemaker:build:input', '%s cannot be written. Name a folder that can.', file);
    end
    fwrite(handle, unicode2native(text, 'UTF-8'), 'uint8');
    fclose(handle);
end
