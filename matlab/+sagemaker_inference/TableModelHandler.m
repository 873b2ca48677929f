classdef TableModelHandler < sagemaker_inference.DefaultInferenceHandler
%TABLEMODELHANDLER  The handler of models of Statistics and Machine Learning Toolbox, without code.
%   As DefaultInferenceHandler, and
%   - the answer's column has the name of the model's response (ResponseName), not prediction;
%   - MATLAB Compiler is told of the toolbox's model classes, of which a saved model shows none to
%     it: what is in model.mat cannot be loaded where its class was not compiled in.
%   The model may also be the struct that Classification Learner and Regression Learner export.
%
%   Example: in sagemaker.yml, without any code.
%       inference:
%         handler: sagemaker_inference.TableModelHandler
%   Source: https://www.mathworks.com/help/compiler/function.html
%   See also sagemaker_inference.DefaultInferenceHandler.

    %#function ClassificationTree CompactClassificationTree
    %#function ClassificationEnsemble CompactClassificationEnsemble ClassificationBaggedEnsemble
    %#function ClassificationSVM CompactClassificationSVM ClassificationLinear
    %#function ClassificationECOC CompactClassificationECOC ClassificationKernel
    %#function ClassificationKNN ClassificationNaiveBayes CompactClassificationNaiveBayes
    %#function ClassificationDiscriminant CompactClassificationDiscriminant
    %#function ClassificationNeuralNetwork CompactClassificationNeuralNetwork
    %#function ClassificationGAM CompactClassificationGAM
    %#function RegressionTree CompactRegressionTree RegressionLinear RegressionKernel
    %#function RegressionEnsemble CompactRegressionEnsemble RegressionBaggedEnsemble
    %#function RegressionSVM CompactRegressionSVM RegressionGP CompactRegressionGP
    %#function RegressionNeuralNetwork CompactRegressionNeuralNetwork
    %#function RegressionGAM CompactRegressionGAM
    %#function LinearModel CompactLinearModel NonLinearModel
    %#function GeneralizedLinearModel CompactGeneralizedLinearModel
    %#function LinearMixedModel GeneralizedLinearMixedModel
    %#function TreeBagger CompactTreeBagger

    methods
        function prediction = predict(obj, inputData, model)
        %PREDICT  A table with what the model answers as its response.
            prediction = predict@sagemaker_inference.DefaultInferenceHandler(obj, inputData, model);
            if ~istable(prediction)
                prediction = sagemaker_inference.internal.asTable(prediction);
                prediction.Properties.VariableNames = {responseName(model)};
            end
        end
    end
end

function name = responseName(model)
    % The model's own, or that of the model within what the Learner apps export.
    name = 'prediction';
    candidates = {model};
    if isstruct(model)
        candidates = [candidates, struct2cell(model)'];
    end
    for k = 1:numel(candidates)
        try
            name = char(candidates{k}.ResponseName);
            return
        catch
            continue  % it has none
        end
    end
end
