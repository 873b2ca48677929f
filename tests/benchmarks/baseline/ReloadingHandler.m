classdef ReloadingHandler < ClassificationTreeInferenceHandler
%RELOADINGHANDLER  The example's handler without what a worker keeps: it loads the model for each request.
    methods
        function prediction = predict(obj, inputData, model)
            env = sagemaker_inference.Environment();
            model = obj.load_model(env.ModelFolder);
            prediction = predict@ClassificationTreeInferenceHandler(obj, inputData, model);
        end
    end
end
