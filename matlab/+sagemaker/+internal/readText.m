function text = readText(file)
%READTEXT  Content of the UTF-8 file FILE as text.
    handle = fopen(file, 'r');
    if handle < 0
        error('sagemaker:input:file', ...
              'Cannot read %s. Check that it exists and that you may read it.', file);
    end
    closing = onCleanup(@() fclose(handle));
    text = native2unicode(fread(handle, [1, Inf], '*uint8'), 'UTF-8');
end
