function text = platformText(names, values, name)
%PLATFORMTEXT  The hyperparameter NAME of the platform, '' where there is none.
    text = '';
    at = find(strcmp(names, name), 1);
    if ~isempty(at)
        text = values{at};
    end
    if ~ischar(text)
        error('sagemaker_training:config:format', 'The hyperparameter %s is not a text.', name);
    end
end
