function flowers_at_the_desk(example, folder)
%FLOWERS_AT_THE_DESK  Train, attach, deploy, ask and delete, as a script at the desk does.
%   flowers_at_the_desk(EXAMPLE, FOLDER) does so with the code and the data of the folder EXAMPLE,
%   and writes the project into FOLDER unless that is there. The last line says what came of it.
    addpath(fullfile(example, 'code'), fullfile(example, 'inference'));
    session = sagemaker.Session('Region', 'eu-west-1', 'Project', 'desk-flowers');
    location = session.upload(fullfile(example, 'data', 'training'), 'training');

    estimator = sagemaker.MATLABEstimator('matlab-sagemaker-training', 'Session', session, ...
        'BaseJobName', 'Desk_Flowers', ...
        'TrainingFunction', @trainClassificationTree, ...
        'HyperParameters', struct('MinLeafSize', 1), ...
        'InstanceType', 'ml.m5.large', 'InstanceCount', 1, ...
        'Environment', struct('LEVEL', 'debug', 'MLM_LICENSE_TOKEN', getenv('MARKED_TOKEN')), ...
        'StoreToken', true, ...
        'UseSpotInstances', true, 'MaxRunTime', 900, 'MaxWaitTime', 1800);
    estimator.fit('training', struct('Location', location, 'ContentType', 'text/csv'), ...
                  'Wait', false);
    job = estimator.LatestTrainingJob;

    attached = sagemaker.MATLABEstimator.attach(job.Name, session);
    serving = {'matlab-sagemaker-serving', 'ClassificationTreeInferenceHandler', 1, 'ml.m5.large'};
    predictor = attached.deploy(serving{:});
    estimator.deploy(serving{:});  % which changes nothing
    names = {'sepal_length', 'sepal_width', 'petal_length', 'petal_width'};
    flowers = table([5.1; 6.7], [3.5; 3.0], [1.4; 5.2], [0.2; 2.3], 'VariableNames', names);
    answer = predictor.predict(flowers);
    fromMatrix = predictor.predict([5.1, 3.5, 1.4, 0.2]);
    predictor.deleteModel();
    predictor.deleteEndpoint();

    if ~isfolder(folder)
        estimator.writeProject(folder, 'ClassificationTreeInferenceHandler');
    end
    result = struct('account', session.AccountID, 'bucket', session.DefaultBucket, ...
                    'job', job.Name, 'status', job.Status, 'model', estimator.ModelData, ...
                    'endpoint', predictor.EndpointName, 'species', {answer.species'}, ...
                    'fromMatrix', {fromMatrix.species'}, 'lines', numel(job.log()));
    fprintf('RESULT %s\n', jsonencode(result));
end
