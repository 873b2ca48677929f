function trainPumpFaults(env, varargin)
%TRAINPUMPFAULTS  Fit a classification tree on features of pump runs, and judge it by held-out runs.
%   trainPumpFaults(ENV, NAME, VALUE, ...) fits fitctree(T, 'fault', NAME, VALUE, ...) to the table
%   of the channel 'training', prints how accurate the tree is on it and on the runs of the channel
%   'holdout', which it has not seen, and saves it as the variable model of model.mat. ENV is a
%   sagemaker_training.Environment.
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
    % The names have slashes, such as flow_stats/Data_Mean: they stay as they are.
    T = readall(tabularTextDatastore(folder, 'VariableNamingRule', 'preserve'));
end
