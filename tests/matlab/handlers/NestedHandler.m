classdef NestedHandler < sagemaker_inference.DefaultInferenceHandler
%NESTEDHANDLER  A handler whose error arises in the kit's code, called by a helper of its own.

    methods
        function prediction = predict(obj, inputData, model)
            prediction = scaled(inputData);
        end
    end
end

function scaled_ = scaled(inputData)
    scaled_ = inputData.noSuchColumn;
end
