function about = estimatorSettings(estimator, name)
%ESTIMATORSETTINGS  What a project called NAME has of an estimator, also where it only serves.
%   It is as sagemaker.internal.projectText takes it.
    sagemaker.internal.estimatorValues(estimator);  % which may have been set since
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
