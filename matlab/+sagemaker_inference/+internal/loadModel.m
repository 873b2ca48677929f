function model = loadModel(folder)
%LOADMODEL  The variable model of model.mat in FOLDER.
%   Raises sagemaker_inference:model:missing when there is no such file or no such variable.
    file = fullfile(char(folder), 'model.mat');
    if exist(file, 'file') ~= 2
        error('sagemaker_inference:model:missing', ...
              '%s does not exist. Let the training function save it in env.ModelFolder.', file);
    end
    content = load(file);
    if ~isfield(content, 'model')
        error('sagemaker_inference:model:missing', ...
              '%s holds no variable named model, only: %s. Save the model under that name.', ...
              file, strjoin(fieldnames(content)', ', '));
    end
    model = content.model;
end
