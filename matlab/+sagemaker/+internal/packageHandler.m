function about = packageHandler(about, handler, folder, isTrained)
%PACKAGEHANDLER  Put the class HANDLER and what it needs below FOLDER, and let ABOUT serve with it.
%   Its products join those of the training, unless ISTRAINED: they are part of what was trained.
%   '' is the default handler; it, and others of the kit's, have no code of the user's. Raises
%   sagemaker:handler:notFound.
    about.handler = sagemaker.internal.handlerName(handler);
    if isempty(about.handler) || strncmp(about.handler, 'sagemaker_inference.', 20)
        return
    end
    file = sagemaker.internal.locate(about.handler);
    if isempty(file)
        error('sagemaker:handler:notFound', ...
              ['There is no file of the class %s in the current folder or on the path. Derive ' ...
               'it from sagemaker_inference.DefaultInferenceHandler, and put its folder on ' ...
               'the path.'], about.handler);
    end
    products = ...
        sagemaker.internal.packageFiles(about.handler, file, fullfile(folder, 'inference'));
    about.products = sagemaker.internal.mergeProducts(about.products, products, isTrained);
end
