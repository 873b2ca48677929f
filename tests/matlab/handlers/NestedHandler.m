classdef NestedHandler < sagemaker_inference.DefaultInferenceHandler
%NESTEDHANDLER  The error occurs in the kit's code, called by a local function of the handler.

    methods
        function prediction = predict(obj, inputData, model)
            prediction = scaled(inputData);
        end
    end
end

function scaled_ = scaled(inputData)
    scaled_ = inputData.noSuchColumn;
end
