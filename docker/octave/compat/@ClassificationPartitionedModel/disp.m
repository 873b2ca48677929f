function disp(obj)
%DISP  A few lines about the cross-validated model.
    model = struct(obj);
    fprintf('  ClassificationPartitionedModel\n    KFold: %d\n    NumObservations: %d\n', ...
            model.KFold, numel(model.Fold));
end
