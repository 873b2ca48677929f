function requireProject(options, verb)
%REQUIREPROJECT  Raise sagemaker:<verb>:failed if there is no sagemaker.yml where OPTIONS say.
%   OPTIONS are those of the command VERB, as verbOptions returns them. Raises
%   sagemaker:input:config if they name an empty path.
    file = fullfile(pwd(), 'sagemaker.yml');
    at = find(strcmp(options(1:2:end), '--config'), 1, 'last');
    if ~isempty(at)
        file = options{2 * at};
        if isempty(file)
            error('sagemaker:input:config', 'Config is empty. Give the path of a sagemaker.yml.');
        end
    end
    if ~(isfile(file) || isfolder(file))
        message = sprintf(['There is no file ''%s''. Change to the folder of your project, or ' ...
                           'name its sagemaker.yml with ''Config''. sagemaker.init writes ' ...
                           'one.'], file);
        rethrow(struct('identifier', ['sagemaker:' verb ':failed'], 'message', message));
    end
end
