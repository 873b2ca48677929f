function settings = estimatorOptions(estimator, pairs)
%ESTIMATOROPTIONS  Options of MATLABEstimator from name-value PAIRS; ESTIMATOR has the defaults.
    names = {'Session', 'Image', 'BaseJobName', 'TrainingFunction', 'MATLABRelease', ...
             'HyperParameters', 'MetricDefinitions', 'InstanceType', 'InstanceCount', ...
             'Environment', 'MaxRunTime', 'UseSpotInstances', 'MaxWaitTime', 'Subnets', ...
             'SecurityGroupsIds', 'Tags', 'StoreToken', 'BatchTokenSecret', 'Engine'};
    settings = struct();
    for k = 1:numel(names)
        settings.(names{k}) = estimator.(names{k});
    end
    settings = sagemaker.internal.options(settings, pairs, 'MATLABEstimator');
    settings = sagemaker.internal.estimatorValues(settings);
    if ~any(strcmp(settings.Engine, {'matlab', 'octave'}))
        error('sagemaker:input:engine', 'Engine is ''%s''. Give ''matlab'' or ''octave''.', ...
              settings.Engine);
    end
    if isempty(settings.TrainingFunction)
        error('sagemaker:input:trainingFunction', ...
              ['The option TrainingFunction is missing. Give a handle to the function, such as ' ...
               '''TrainingFunction'', @trainModel.']);
    end
end
