function buildImage(session, folder, token)
%BUILDIMAGE  Build the training image of the project in FOLDER, or find it; store TOKEN unless ''.
    options = {'--repository', 'release'};
    if ~isempty(token)
        options = [options, {'--store-token', 'true'}];
    end
    restore = sagemaker.internal.setVariables({'MLM_LICENSE_TOKEN'}, {token});
    sagemaker.internal.callVerb(session, 'build-training-image', options, folder);
end
