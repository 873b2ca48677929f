function folder = codeFolder(className)
%CODEFOLDER  The folder in which the code of a handler's class begins, '' where that is not known.
    folder = '';
    file = which(className);
    if ~isempty(file)
        folder = regexprep(fileparts(file), '[/\\][+@].*$', '');
    end
end
