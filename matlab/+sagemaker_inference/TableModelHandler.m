classdef TableModelHandler < sagemaker_inference.DefaultInferenceHandler
%TABLEMODELHANDLER  Handler for models of Statistics and Machine Learning Toolbox, without any code.
%   sagemaker_inference.TableModelHandler is a DefaultInferenceHandler with two differences:
%   - The column of the answer has the name of the model's response (ResponseName), not prediction.
%   - It names the toolbox's model classes to MATLAB Compiler, which cannot see them in a saved
%     model. Without this, an endpoint could not load model.mat.
%   The model may also be the struct that Classification Learner or Regression Learner exports.
%
%   Example: serve a model that you already have.
%       model = sagemaker.MATLABModel('tree.mat', '', 'sagemaker_inference.TableModelHandler', ...
%                                     sagemaker.Session());
%       predictor = model.deploy();
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
        %PREDICT  Prediction of the model as a table with its response.
            prediction = predict@sagemaker_inference.DefaultInferenceHandler(obj, inputData, model);
            if ~istable(prediction)
                prediction = sagemaker_inference.internal.asTable(prediction);
                prediction.Properties.VariableNames = {responseName(model)};
            end
        end
    end
end

function name = responseName(model)
    % ResponseName of the model, or of the model in the struct that the Learner apps export.
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
