function about = trainingProject(estimator, name, channels, folder)
%TRAININGPROJECT  Struct for sagemaker.internal.projectText with what an estimator trains.
%   ABOUT = trainingProject(ESTIMATOR, NAME, CHANNELS, FOLDER) copies code and local data into
%   FOLDER. CHANNELS is an n x 2 cell of names and sources.
    if isempty(estimator.TrainingFunction)
        error('sagemaker:input:trainingFunction', ...
              ['TrainingFunction is not set, because attach does not know the function of a ' ...
               'job. Set it, such as estimator.TrainingFunction = @trainModel, and the other ' ...
               'options of the training.']);
    end
    about = sagemaker.internal.estimatorSettings(estimator, name);
    about.image = estimator.Image;
    [about.function, about.products] = ...
        sagemaker.internal.packageFunction(estimator.TrainingFunction, fullfile(folder, 'code'));
    about.products = reshape(about.products, 1, []);
    for k = 1:size(channels, 1)
        channels{k, 2} = ...
            sagemaker.internal.channelSource(channels{k, 1}, channels{k, 2}, folder);
    end
    about.channels = channels;
    about.hyperparameters = sagemaker.internal.parametersOf(estimator.HyperParameters);
    about.metrics = sagemaker.internal.metricsOf(estimator.MetricDefinitions);
    about.environment = sagemaker.internal.pairsOf(estimator.Environment, 'Environment');
    about.instanceType = estimator.InstanceType;
    about.instanceCount = estimator.InstanceCount;
    about.maxRunTime = sagemaker.internal.wholeSeconds(estimator.MaxRunTime, 'MaxRunTime');
    about.maxWaitTime = waitOf(estimator, about.maxRunTime);
    about.trainingRole = estimator.Role;
    if strcmp(estimator.Engine, 'matlab') || estimator.StoreToken
        about.secret = estimator.BatchTokenSecret;
    end
end

function count = waitOf(estimator, longestRun)
    % Only a job on spot instances has this limit, which may not be below the longest run.
    count = [];
    if estimator.UseSpotInstances
        count = sagemaker.internal.wholeSeconds(estimator.MaxWaitTime, 'MaxWaitTime');
        if isempty(count)
            count = longestRun;
        end
        if isempty(count)
            count = 86400;  % the default of MaxRunTime
        end
    end
end
