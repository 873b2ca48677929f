function trainClassificationTree(env, varargin)
%TRAINCLASSIFICATIONTREE  Train a classification tree with fitctree and save it.
%   trainClassificationTree(ENV, NAME, VALUE, ...) reads all tables in the channel 'training', calls
%   fitctree(T, 'species', NAME, VALUE, ...), prints the accuracy of the tree and saves it as the
%   variable model in model.mat. ENV is a sagemaker_training.Environment.
    rng(1);  % so that the random folds of the cross-validation are the same each time
    data = readall(tabularTextDatastore(env.ChannelInputFolders.training));
    model = fitctree(data, 'species', varargin{:});
    fprintf('resubstitution accuracy: %.4f\n', 1 - resubLoss(model));
    fprintf('cross-validated accuracy: %.4f\n', 1 - kfoldLoss(crossval(model)));
    save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end
