function folder = codeFolder(className)
%CODEFOLDER  Folder with the code of a handler's class; '' if the class is not found.
    folder = '';
    file = which(className);
    if ~isempty(file)
        folder = regexprep(fileparts(file), '[/\\][+@].*$', '');
    end
end
