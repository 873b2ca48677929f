function checkHandler(handler, codeFolder)
%CHECKHANDLER  Is HANDLER a class of the folder CODEFOLDER? Raises sagemaker:build:input.
    if isempty(regexp(handler, '^[a-zA-Z]\w*(\.[a-zA-Z]\w*)*$', 'once'))
        error('sagemaker:build:input', ...
              '''%s'' is no name of a class. Name the handler''s class.', handler);
    end
    if ~exist(codeFolder, 'dir')
        error('sagemaker:build:input', 'There is no folder %s. Name the handler''s folder.', ...
              codeFolder);
    end
    parts = strsplit(handler, '.');
    packages = cellfun(@(part) ['+' part], parts(1:end - 1), 'UniformOutput', false);
    file = fullfile(codeFolder, packages{:}, [parts{end} '.m']);
    if exist(file, 'file') ~= 2
        error('sagemaker:build:input', ...
              'There is no %s. Let inference.handler in sagemaker.yml name a class of %s.', ...
              file, codeFolder);
    end
end
