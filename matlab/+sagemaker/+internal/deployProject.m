function predictor = deployProject(session, about, folder)
%DEPLOYPROJECT  Write ABOUT to FOLDER/sagemaker.yml, compile the handler and deploy.
    sagemaker.internal.writeProjectFile(about, folder);
    sagemaker.internal.callVerb(session, 'compile-handler', {}, folder);
    outputs = sagemaker.internal.callVerb(session, 'deploy', {}, folder);
    predictor = sagemaker.MATLABPredictor(outputs.endpoint_name, session, 'Project', about.name);
end
