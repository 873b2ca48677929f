classdef ClassificationTreeInferenceHandler < sagemaker_inference.DefaultInferenceHandler
%CLASSIFICATIONTREEINFERENCEHANDLER  Answers flowers with their species.
%   Only predict is its own; reading requests, loading model.mat and writing answers is inherited.

    %#function ClassificationTree

    methods
        function prediction = predict(obj, inputData, model)
        %PREDICT  A table with one species for each row of the table inputData.
            species = predict(model, inputData);
            prediction = table(species, 'VariableNames', string(model.ResponseName));
        end
    end
end
