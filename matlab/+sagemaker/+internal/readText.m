function text = readText(file)
%READTEXT  The whole content of FILE, which is UTF-8, as text.
    handle = fopen(file, 'r');
    if handle < 0
        error('sagemaker:input:file', '%s cannot be read.', file);
    end
    closing = onCleanup(@() fclose(handle));
    text = native2unicode(fread(handle, [1, Inf], '*uint8'), 'UTF-8');
end
