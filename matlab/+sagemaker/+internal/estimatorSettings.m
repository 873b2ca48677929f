function about = estimatorSettings(estimator, name)
%ESTIMATORSETTINGS  Struct for sagemaker.internal.projectText with the settings of each project.
%   ABOUT = estimatorSettings(ESTIMATOR, NAME) has no training: it is also for a project that only
%   serves a model.
    sagemaker.internal.estimatorValues(estimator);  % they may have changed since the constructor
    about = sagemaker.internal.projectOf(name, estimator.Session);
    about.engine = estimator.Engine;
    if strcmp(estimator.Engine, 'matlab') && ~isempty(estimator.MATLABRelease)
        about.release = estimator.MATLABRelease;
    end
    about.subnets = sagemaker.internal.texts(estimator.Subnets, 'Subnets');
    about.securityGroups = ...
        sagemaker.internal.texts(estimator.SecurityGroupsIds, 'SecurityGroupsIds');
    about.tags = sagemaker.internal.pairsOf(estimator.Tags, 'Tags');
end
