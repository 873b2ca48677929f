function name = estimatorProject(estimator, given)
%ESTIMATORPROJECT  Name of an estimator's project: GIVEN, else BaseJobName, else its function.
    if isempty(given)
        given = estimator.BaseJobName;
    end
    if isempty(given)
        given = functionName(sagemaker.internal.plain(estimator.TrainingFunction));
    end
    name = sagemaker.internal.projectName(given);
end

function name = functionName(f)
    % Without its package; 'training' if it is anonymous.
    name = 'training';
    if isa(f, 'function_handle')
        f = func2str(f);
    end
    if ischar(f) && isempty(regexp(f, '^@\(', 'once'))
        name = regexprep(f, '^@?(.*\.)?', '');
    end
end
