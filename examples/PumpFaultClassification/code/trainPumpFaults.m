function trainPumpFaults(env, varargin)
%TRAINPUMPFAULTS  Train a classification tree on features of pump runs and test it on held-out runs.
%   trainPumpFaults(ENV, NAME, VALUE, ...) calls fitctree(T, 'fault', NAME, VALUE, ...) with the
%   tables in the channel 'training', prints the accuracy of the tree on these runs and on those of
%   the channel 'holdout', which were not used for training, and saves the tree as the variable
%   model in model.mat. ENV is a sagemaker_training.Environment.
    model = fitctree(runsOf(env.ChannelInputFolders.training), 'fault', varargin{:});
    heldOut = runsOf(env.ChannelInputFolders.holdout);
    found = predict(model, heldOut);
    fprintf('resubstitution accuracy: %.4f\n', 1 - resubLoss(model));
    fprintf('held-out accuracy: %.4f\n', mean(strcmp(found, heldOut.fault)));
    for code = unique(heldOut.fault)'
        isCode = strcmp(heldOut.fault, code{1});
        fprintf('held out with %s: %d of %d found\n', code{1}, ...
                sum(strcmp(found(isCode), code{1})), sum(isCode));
    end
    save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end

function T = runsOf(folder)
    % Keep names with slashes, such as flow_stats/Data_Mean, as they are.
    T = readall(tabularTextDatastore(folder, 'VariableNamingRule', 'preserve'));
end
