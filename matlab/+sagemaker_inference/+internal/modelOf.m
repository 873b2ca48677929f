function model = modelOf(file)
%MODELOF  Load the variable model from a model.mat.
%   MODEL = modelOf(FILE) raises sagemaker_inference:model:missing if FILE does not have it.
    if exist(file, 'file') ~= 2
        noModel([file ' does not exist. Save it to env.ModelFolder in the training function, ' ...
                 'or add it to the model that you deploy.']);
    end
    about = dir(file);
    if about(1).bytes == 0
        noModel([file ' is empty (0 bytes).' cure()]);
    end
    names = {};
    if ~hasHeaderOnly(file, about(1).bytes)  % GNU Octave does not return a struct for it
        content = load(file);
        names = fieldnames(content)';
    end
    if isempty(names)
        noModel([file ' has no variables.' cure()]);
    elseif ~any(strcmp(names, 'model'))
        noModel([file ' has no variable named model, only: ' strjoin(names, ', ') '.' cure()]);
    end
    model = content.model;
end

function tf = hasHeaderOnly(file, bytes)
    tf = bytes == 128 && strncmp(fileread(file), 'MATLAB', 6);
end

function noModel(text)
    error('sagemaker_inference:model:missing', '%s', text);
end

function text = cure()
    text = ' Save the model in the variable model: save(file, ''model'', ''-v7'').';
end
