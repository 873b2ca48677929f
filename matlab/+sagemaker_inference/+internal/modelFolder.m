function folder = modelFolder()
%MODELFOLDER  <base>/model, where SageMaker unpacks the model before the container starts.
    folder = getenv('SAGEMAKER_BASE_DIR');
    if isempty(folder)
        folder = '/opt/ml';
    end
    folder = [folder '/model'];  % fullfile takes 0.06 ms in every request
end
