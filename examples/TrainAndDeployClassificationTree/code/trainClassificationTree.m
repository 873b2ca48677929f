function trainClassificationTree(env, varargin)
%TRAINCLASSIFICATIONTREE  Fit a classification tree on the training channel and save it.
%   trainClassificationTree(ENV, NAME, VALUE, ...) reads every table of the channel 'training',
%   fits fitctree(T, 'species', NAME, VALUE, ...), prints how accurate the tree is and saves it as
%   the variable model of model.mat. ENV is a sagemaker_training.Environment.
    rng(1);  % the folds of the cross-validation are drawn at random
    data = readall(tabularTextDatastore(env.ChannelInputFolders.training));
    model = fitctree(data, 'species', varargin{:});
    fprintf('resubstitution accuracy: %.4f\n', 1 - resubLoss(model));
    fprintf('cross-validated accuracy: %.4f\n', 1 - kfoldLoss(crossval(model)));
    save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end
