classdef PassingHandler < sagemaker_inference.DefaultInferenceHandler
%PASSINGHANDLER  predict fails in a function that it calls.

    methods
        function prediction = predict(obj, inputData, model)
            prediction = sagemaker_inference.internal.asTable(struct('a', 1));
        end
    end
end
