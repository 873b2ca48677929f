function list = functionFiles(folder)
%FUNCTIONFILES  Names of a folder's .m files for an error message.
    found = dir(fullfile(folder, '*.m'));
    list = 'no .m file';
    if ~isempty(found)
        list = strjoin({found.name}, ', ');
    end
end
