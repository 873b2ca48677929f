classdef ModelHandler < sagemaker_inference.DefaultInferenceHandler
%MODELHANDLER  predict of another handler, with a model that is not loaded from a file.

    properties
        Inner
        Given
    end

    methods
        function model = load_model(obj, modelFolder)
            model = obj.Given;
        end

        function prediction = predict(obj, inputData, model)
            prediction = obj.Inner.predict(inputData, model);
        end
    end
end
