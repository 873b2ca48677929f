function handler = makeHandler(name)
%MAKEHANDLER  An object of the handler's class NAME.
%   Raises sagemaker_inference:handler:notFound, and sagemaker_inference:handler:class where the
%   class is not derived from DefaultInferenceHandler.
    if ~any(name == '.') && ~exist(name)
        error('sagemaker_inference:handler:notFound', ...
              ['There is no class %s. Let SAGEMAKER_INFERENCE_HANDLER name a class in ' ...
               'the handler''s code folder.'], name);
    end
    handler = feval(name);
    if ~isa(handler, 'sagemaker_inference.DefaultInferenceHandler')
        error('sagemaker_inference:handler:class', ...
              '%s is not derived from sagemaker_inference.DefaultInferenceHandler. Derive it.', ...
              name);
    end
end
