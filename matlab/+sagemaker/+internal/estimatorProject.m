function name = estimatorProject(estimator, given)
%ESTIMATORPROJECT  Name of an estimator's project: GIVEN, else BaseJobName, else its function.
    if isempty(given)
        given = estimator.BaseJobName;
    end
    if isempty(given)
        given = sagemaker.internal.functionName(estimator.TrainingFunction);
    end
    name = sagemaker.internal.projectName(given);
end
