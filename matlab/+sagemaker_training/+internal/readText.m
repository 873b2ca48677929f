function text = readText(file)
%READTEXT  The text of a file that SageMaker writes. Raises sagemaker_training:config:missing.
    if exist(file, 'file') ~= 2
        error('sagemaker_training:config:missing', ...
              ['%s does not exist. SageMaker writes it when it starts a training job; set ' ...
               'SAGEMAKER_BASE_DIR to the folder that has input/config.'], file);
    end
    text = fileread(file);
end
