function buildImage(session, folder, token)
%BUILDIMAGE  Find or build the training image of the project in FOLDER; store TOKEN unless it is ''.
    options = {'--repository', 'release'};
    if ~isempty(token)
        options = [options, {'--store-token', 'true'}];
    end
    restore = sagemaker.internal.setVariables({'MLM_LICENSE_TOKEN'}, {token});
    sagemaker.internal.callVerb(session, 'build-training-image', options, folder);
end
