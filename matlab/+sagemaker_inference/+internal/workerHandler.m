function handler = workerHandler()
%WORKERHANDLER  The handler of this worker: made at its first request, then kept with its model.
%   Raises sagemaker_inference:handler:notFound or :class.
    persistent kept keptName
    env = sagemaker_inference.Environment();
    if ~strcmp(keptName, env.HandlerName)
        kept = sagemaker_inference.internal.makeHandler(env.HandlerName);
        keptName = env.HandlerName;
    end
    handler = kept;
end
