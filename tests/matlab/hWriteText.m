function hWriteText(file, text)
%HWRITETEXT  Write TEXT to FILE in UTF-8.
    handle = fopen(file, 'w');
    fwrite(handle, unicode2native(text, 'UTF-8'), 'uint8');
    fclose(handle);
end
