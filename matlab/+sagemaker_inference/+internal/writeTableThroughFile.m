function text = writeTableThroughFile(T)
%WRITETABLETHROUGHFILE  A table as writetable writes it to a temporary file, with LF line ends.
    name = [tempname() '.csv'];
    removing = onCleanup(@() delete(name));
    writetable(T, name);
    text = strrep(fileread(name), sprintf('\r\n'), newline);
end
