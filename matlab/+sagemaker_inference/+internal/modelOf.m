function model = modelOf(file)
%MODELOF  The variable model of the file model.mat. Raises sagemaker_inference:model:missing.
    if exist(file, 'file') ~= 2
        noModel([file ' does not exist. It is a file of the model''s folder: of what the ' ...
                 'training saves in env.ModelFolder, or of the model that exists.']);
    end
    about = dir(file);
    if about(1).bytes == 0
        noModel([file ' is empty (0 bytes).' cure()]);
    end
    names = {};
    if ~hasHeaderOnly(file, about(1).bytes)  % of which GNU Octave loads no struct
        content = load(file);
        names = fieldnames(content)';
    end
    if isempty(names)
        noModel([file ' holds no variables.' cure()]);
    elseif ~any(strcmp(names, 'model'))
        noModel([file ' holds no variable named model, only: ' strjoin(names, ', ') '.' cure()]);
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
    text = ' Save the model there as the variable model: save(file, ''model'', ''-v7'').';
end
