function about = packageHandler(about, handler, folder, isTrained)
%PACKAGEHANDLER  Copy the class HANDLER, and the files that it needs, into FOLDER/inference.
%   ABOUT = packageHandler(ABOUT, HANDLER, FOLDER, ISTRAINED) also names the handler in ABOUT. Its
%   products are added to those of the training unless ISTRAINED, because they are part of what was
%   trained. '' is the default handler. The kit's own handlers have no files to copy. Raises
%   sagemaker:handler:notFound.
    about.handler = sagemaker.internal.handlerName(handler);
    if isempty(about.handler) || strncmp(about.handler, 'sagemaker_inference.', 20)
        return
    end
    file = sagemaker.internal.locate(about.handler);
    if isempty(file)
        error('sagemaker:handler:notFound', ...
              ['There is no file of the handler class %s in the current folder or on the path. ' ...
               'Derive it from sagemaker_inference.DefaultInferenceHandler, and add its ' ...
               'folder to the path.'], about.handler);
    end
    products = ...
        sagemaker.internal.packageFiles(about.handler, file, fullfile(folder, 'inference'));
    about.products = sagemaker.internal.mergeProducts(about.products, products, isTrained);
end
