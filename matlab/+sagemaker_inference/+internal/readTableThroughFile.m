function T = readTableThroughFile(text)
%READTABLETHROUGHFILE  Text as readtable reads it from a temporary file.
    name = [tempname() '.csv'];
    removing = onCleanup(@() delete(name));
    file = fopen(name, 'w');
    fwrite(file, unicode2native(text, 'UTF-8'), 'uint8');
    fclose(file);
    T = readtable(name, 'Delimiter', ',');
end
