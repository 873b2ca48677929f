function file = withMatExtension(file)
%WITHMATEXTENSION  The file name, with .mat where it has no extension.
    [~, ~, extension] = fileparts(file);
    if isempty(extension)
        file = [file '.mat'];
    end
end
