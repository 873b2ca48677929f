classdef ClassificationTreeInferenceHandler < sagemaker_inference.DefaultInferenceHandler
%CLASSIFICATIONTREEINFERENCEHANDLER  Predict the species of flowers.
%   The base class reads requests, loads model.mat and writes answers. Only predict is written here.

    %#function ClassificationTree

    methods
        function prediction = predict(obj, inputData, model)
        %PREDICT  A table with the species for each row of the table inputData.
            species = predict(model, inputData);
            prediction = table(species, 'VariableNames', string(model.ResponseName));
        end
    end
end
