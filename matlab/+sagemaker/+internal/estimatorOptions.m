function settings = estimatorOptions(estimator, pairs)
%ESTIMATOROPTIONS  The options of MATLABEstimator, of name-value PAIRS; ESTIMATOR has the defaults.
    names = {'Session', 'Image', 'BaseJobName', 'TrainingFunction', 'MATLABRelease', ...
             'HyperParameters', 'MetricDefinitions', 'InstanceType', 'InstanceCount', ...
             'Environment', 'MaxRunTime', 'UseSpotInstances', 'MaxWaitTime', 'Subnets', ...
             'SecurityGroupsIds', 'Tags', 'StoreToken', 'Engine'};
    settings = struct();
    for k = 1:numel(names)
        settings.(names{k}) = estimator.(names{k});
    end
    for k = 1:2:numel(pairs)
        if strcmpi(sagemaker.internal.plain(pairs{k}), 'SecurityGroupIds')  % as AWS spells it
            pairs{k} = 'SecurityGroupsIds';  % as public code does
        end
    end
    settings = sagemaker.internal.options(settings, pairs, 'MATLABEstimator');
    settings = sagemaker.internal.estimatorValues(settings);
    if ~any(strcmp(settings.Engine, {'matlab', 'octave'}))
        error('sagemaker:input:engine', 'Engine is ''%s''. Give matlab or octave.', ...
              settings.Engine);
    end
    if isempty(settings.TrainingFunction)
        error('sagemaker:input:trainingFunction', ...
              'There is no TrainingFunction. Give a handle to it, such as @trainModel.');
    end
end
