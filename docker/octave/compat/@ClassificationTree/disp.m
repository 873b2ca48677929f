function disp(obj)
%DISP  A few lines about the tree.
    tree = struct(obj);
    fprintf('  ClassificationTree\n    ResponseName: ''%s''\n    PredictorNames: %s\n', ...
            tree.ResponseName, strjoin(tree.PredictorNames, ', '));
    fprintf('    NumObservations: %d\n    NumNodes: %d\n', tree.NumObservations, tree.NumNodes);
end
