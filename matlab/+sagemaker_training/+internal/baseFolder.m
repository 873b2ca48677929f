function folder = baseFolder()
%BASEFOLDER  SageMaker's folder in the container: SAGEMAKER_BASE_DIR, or /opt/ml if it is not set.
    folder = getenv('SAGEMAKER_BASE_DIR');
    if isempty(folder)
        folder = '/opt/ml';
    end
end
