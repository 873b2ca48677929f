function settings = estimatorValues(settings)
%ESTIMATORVALUES  Check each option of MATLABEstimator; raise sagemaker:input:<option>.
    if ~isempty(settings.Session)
        sagemaker.internal.requireSession(settings.Session);
    end
    texts = {'Image', '.', 'the address of a container image in Amazon ECR'; ...
             'BatchTokenSecret', '.', 'the name or ARN of a secret in AWS Secrets Manager'; ...
             'BaseJobName', '.', 'a name, such as ''pump-faults'''; ...
             'MATLABRelease', '^[rR]20\d\d[abAB]([uU]\d+)?$', 'a release, such as ''R2026a'''; ...
             'InstanceType', '^ml\.[a-z0-9-]+\.[a-z0-9]+$', ...
             'an instance type, such as ''ml.m5.large'''};
    for k = 1:size(texts, 1)
        name = texts{k, 1};
        settings.(name) = sagemaker.internal.requireText(name, settings.(name), texts{k, 2:3});
    end
    sagemaker.internal.requireCount('InstanceCount', settings.InstanceCount);
    for name = {'UseSpotInstances', 'StoreToken'}
        settings.(name{1}) = sagemaker.internal.requireFlag(name{1}, settings.(name{1}));
    end
    sagemaker.internal.wholeSeconds(settings.MaxRunTime, 'MaxRunTime');
    sagemaker.internal.wholeSeconds(settings.MaxWaitTime, 'MaxWaitTime');
    sagemaker.internal.parametersOf(settings.HyperParameters);
    sagemaker.internal.metricsOf(settings.MetricDefinitions);
    sagemaker.internal.pairsOf(settings.Environment, 'Environment');
    sagemaker.internal.pairsOf(settings.Tags, 'Tags');
    sagemaker.internal.texts(settings.Subnets, 'Subnets');
    sagemaker.internal.texts(settings.SecurityGroupsIds, 'SecurityGroupsIds');
end
