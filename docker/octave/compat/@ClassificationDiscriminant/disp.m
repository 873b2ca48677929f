function disp(obj)
%DISP  A few lines about the model.
    model = struct(obj);
    fprintf('  ClassificationDiscriminant\n    ResponseName: ''%s''\n    PredictorNames: %s\n', ...
            model.ResponseName, strjoin(model.PredictorNames, ', '));
    fprintf('    NumObservations: %d\n    DiscrimType: ''linear''\n', model.NumObservations);
end
