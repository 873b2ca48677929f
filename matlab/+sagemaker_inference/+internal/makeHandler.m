function handler = makeHandler(name)
%MAKEHANDLER  Create an object of the handler class NAME.
%   Raises sagemaker_inference:handler:notFound if there is no such class, and
%   sagemaker_inference:handler:class if it is not derived from DefaultInferenceHandler.
    if ~any(name == '.') && ~exist(name)
        error('sagemaker_inference:handler:notFound', ...
              ['There is no class %s. Set SAGEMAKER_INFERENCE_HANDLER to a class in the folder ' ...
               'of the handler.'], name);
    end
    handler = feval(name);
    if ~isa(handler, 'sagemaker_inference.DefaultInferenceHandler')
        error('sagemaker_inference:handler:class', ...
              ['%s is not derived from sagemaker_inference.DefaultInferenceHandler. Write ' ...
               'classdef %s < sagemaker_inference.DefaultInferenceHandler.'], name, ...
              regexprep(name, '^.*\.', ''));
    end
end
