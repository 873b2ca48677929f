classdef DoublingHandler < sagemaker_inference.DefaultInferenceHandler
%DOUBLINGHANDLER  Answers 2 * x + model, and logs each load of the model.

    methods
        function model = load_model(obj, modelFolder)
            hLog('load');
            model = load_model@sagemaker_inference.DefaultInferenceHandler(obj, modelFolder);
        end

        function prediction = predict(obj, inputData, model)
            prediction = table(2 * inputData.x + model, 'VariableNames', {'doubled'});
        end
    end
end
