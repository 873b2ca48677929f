function about = trainingProject(estimator, name, channels, folder)
%TRAININGPROJECT  Struct for sagemaker.internal.projectText with what an estimator trains.
%   ABOUT = trainingProject(ESTIMATOR, NAME, CHANNELS, FOLDER) copies code and local data into
%   FOLDER. CHANNELS is an n x 2 cell of names and sources.
    sagemaker.internal.estimatorValues(estimator);  % they may have changed since the constructor
    about = sagemaker.internal.projectOf(name, estimator.Session);
    about.engine = estimator.Engine;
    about.image = estimator.Image;
    if strcmp(estimator.Engine, 'matlab') && ~isempty(estimator.MATLABRelease)
        about.release = estimator.MATLABRelease;
    end
    [about.function, about.products] = ...
        sagemaker.internal.packageFunction(estimator.TrainingFunction, fullfile(folder, 'code'));
    about.products = reshape(about.products, 1, []);
    for k = 1:size(channels, 1)
        channels{k, 2} = ...
            sagemaker.internal.channelSource(channels{k, 1}, channels{k, 2}, folder);
    end
    about.channels = channels;
    about.hyperparameters = parametersOf(estimator.HyperParameters);
    about.metrics = sagemaker.internal.metricsOf(estimator.MetricDefinitions);
    about.environment = sagemaker.internal.pairsOf(estimator.Environment, 'Environment');
    about.instanceType = estimator.InstanceType;
    about.instanceCount = estimator.InstanceCount;
    about.maxRunTime = sagemaker.internal.wholeSeconds(estimator.MaxRunTime, 'MaxRunTime');
    about.maxWaitTime = waitOf(estimator, about.maxRunTime);
    about.trainingRole = estimator.Role;
    about.subnets = sagemaker.internal.texts(estimator.Subnets, 'Subnets');
    about.securityGroups = ...
        sagemaker.internal.texts(estimator.SecurityGroupsIds, 'SecurityGroupsIds');
    about.tags = sagemaker.internal.pairsOf(estimator.Tags, 'Tags');
    if strcmp(estimator.Engine, 'matlab') || estimator.StoreToken
        about.secret = 'matlab-sagemaker-batch-token';  % the name in scripts/setup/aws.yml
    end
end

function pairs = parametersOf(value)
    % Values keep their types: numbers, text, logicals, and rows of these.
    pairs = cell(0, 2);
    if isempty(value)
        return
    end
    if ~isstruct(value) || ~isscalar(value)
        error('sagemaker:input:hyperParameters', ...
              'HyperParameters is of class %s. Give a struct, such as struct(''Depth'', 3).', ...
              class(value));
    end
    pairs = [fieldnames(value), struct2cell(value)];
    for k = 1:size(pairs, 1)
        pairs{k, 2} = sagemaker.internal.plain(pairs{k, 2});
        if ~isParameter(pairs{k, 2})
            error('sagemaker:input:hyperParameters', ...
                  ['HyperParameters.%s has a value that cannot be sent unchanged. Give text, a ' ...
                   'finite real number below 2^53, true or false, a row of numbers, or a cell ' ...
                   'row of such values. Leave out a field that has no value.'], pairs{k, 1});
        end
    end
end

function tf = isParameter(value)
    % Whether the job gets this value unchanged, except for the class of a number.
    if iscell(value)
        tf = isrow(value) && all(cellfun(@(item) isOne(sagemaker.internal.plain(item)), value));
    else
        tf = isOne(value) || ((isnumeric(value) || islogical(value)) && isrow(value) && ...
                              all(arrayfun(@(item) isOne(item), value)));
    end
end

function tf = isOne(value)
    if ischar(value)
        tf = isempty(value) || isrow(value);
    elseif isnumeric(value) && isscalar(value)
        tf = isreal(value) && isfinite(value) && ~(isinteger(value) && abs(value) >= flintmax());
    else
        tf = islogical(value) && isscalar(value);
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
