function writeProject(estimator, fitted, served, target, given)
%WRITEPROJECT  Write an estimator's project into the folder TARGET: all of it, or nothing.
%   writeProject(ESTIMATOR, FITTED, SERVED, TARGET, GIVEN): FITTED is what the last fit has written,
%   a struct with about and folder, or [] before any fit. SERVED is {role, count, type} of the last
%   deploy. GIVEN is {}, {handler}, or {handler, channel, source, ...}. With channels, the project
%   has the estimator's code and options as they are now.
%   Raises sagemaker:writeProject:channels and sagemaker:writeProject:exists.
    channels = {};
    if numel(given) > 1
        channels = sagemaker.internal.fitArguments(given(2:end));
    elseif isempty(fitted)
        refuse(estimator);
    end
    requireNew(target);
    [folder, tidy] = sagemaker.internal.temporaryFolder();
    if isempty(channels)
        about = fitted.about;
        sagemaker.internal.copyWhole(fullfile(fitted.folder, '.'), folder);
    else
        about = sagemaker.internal.trainingProject(estimator, nameOf(estimator), channels, folder);
    end
    if ~isempty(given)
        about = sagemaker.internal.served(about, about.name, served);
        isTrained = ~isempty(estimator.LatestTrainingJob);
        about = sagemaker.internal.packageHandler(about, given{1}, folder, isTrained);
    end
    sagemaker.internal.writeProjectFile(about, folder);
    sagemaker.internal.copyWhole(fullfile(folder, '.'), target);
    fprintf(['The project is in %s. To train and deploy it on GitHub, make it a Git repository ' ...
             'and call sagemaker.init(''%s'', ''Kit'', ''owner/name''), with the kit''s ' ...
             'repository on GitHub, or run %s init --workflows in it.\n'], target, ...
            strrep(target, '''', ''''''), kitCommand());
end

function line = kitCommand()
    % How a person starts the kit; Windows cannot start scripts/run.
    scripts = fullfile(sagemaker.internal.kitFolder(), 'scripts');
    line = sagemaker.internal.commandLine({fullfile(scripts, 'run')});
    if ispc()
        line = ['python ' sagemaker.internal.commandLine({scripts})];
    end
end

function refuse(estimator)
    why = 'fit was not called. Call fit first, or name';
    if ~isempty(estimator.LatestTrainingJob)
        why = ['attach does not know that of a job. Set TrainingFunction and the other options ' ...
               'of the training, and name'];
    end
    error('sagemaker:writeProject:channels', ...
          ['There is no training data to write, because %s the channels: ' ...
           'writeProject(folder, handler, ''training'', source).'], why);
end

function requireNew(folder)
    names = {'sagemaker.yml', 'code', 'inference', 'data'};
    places = cellfun(@(name) fullfile(folder, name), names, 'UniformOutput', false);
    isThere = cellfun(@(place) isfile(place) || isfolder(place), places);
    if any(isThere)
        error('sagemaker:writeProject:exists', ...
              '%s already has %s. Give a new folder, or remove them.', folder, ...
              strjoin(names(isThere), ', '));
    end
end

function name = nameOf(estimator)
    % The project of the latest job, or else the estimator's.
    given = '';
    if ~isempty(estimator.LatestTrainingJob)
        given = estimator.LatestTrainingJob.Project;
    end
    name = sagemaker.internal.estimatorProject(estimator, given);
end
