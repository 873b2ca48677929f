function writeProject(estimator, fitted, channels, target, handlers)
%WRITEPROJECT  Write an estimator's project into the folder TARGET: all of it, or nothing.
%   writeProject(ESTIMATOR, FITTED, CHANNELS, TARGET, HANDLERS): FITTED is what the last fit has
%   written, a struct with about and folder, or [] before any fit. With CHANNELS, an n x 2 cell of
%   names and sources, the project has the estimator's code and options as they are now. HANDLERS is
%   {} or {handler}.
    sagemaker.internal.requireNew(target, ~(isempty(fitted) && isempty(channels)));
    [folder, tidy] = sagemaker.internal.temporaryFolder();
    if isempty(channels)
        about = fitted.about;
        sagemaker.internal.copyWhole(fullfile(fitted.folder, '.'), folder);
    else
        about = sagemaker.internal.trainingProject(estimator, nameOf(estimator), channels, folder);
    end
    isTrained = ~isempty(estimator.LatestTrainingJob);
    for k = 1:numel(handlers)
        about = sagemaker.internal.served(about, '', about.name, {});
        about = sagemaker.internal.packageHandler(about, handlers{k}, folder, isTrained);
    end
    sagemaker.internal.writeProjectFile(about, folder);
    sagemaker.internal.copyWhole(fullfile(folder, '.'), target);
    fprintf(['The project is in %s. To train and deploy it on GitHub, run `scripts/run init ' ...
             '--workflows` there.\n'], target);
end

function name = nameOf(estimator)
    % The project of the latest job, or else the estimator's.
    given = '';
    if ~isempty(estimator.LatestTrainingJob)
        given = estimator.LatestTrainingJob.Project;
    end
    name = sagemaker.internal.estimatorProject(estimator, given);
end
