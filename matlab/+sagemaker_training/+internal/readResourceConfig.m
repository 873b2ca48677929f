function config = readResourceConfig(file)
%READRESOURCECONFIG  The struct of resourceconfig.json. Raises sagemaker_training:config:*.
    text = sagemaker_training.internal.readText(file);
    config = sagemaker_training.internal.decodeJson(text, file);
    if ~isstruct(config) || ~isscalar(config)
        error('sagemaker_training:config:format', ...
              '%s does not hold a JSON object with current_host and hosts. Write one.', file);
    end
end
