function model = crossValidated(tree, arguments_)
%CROSSVALIDATED  A ClassificationPartitionedModel for a struct of ClassificationTree's properties.
%   Apart from the method because Octave 7 cannot use inputParser inside an old-style class.
    p = inputParser;
    p.FunctionName = 'crossval';
    p.addParameter('KFold', 10);
    p.addParameter('Leaveout', 'off');
    p.parse(arguments_{:});
    if strcmpi(char(p.Results.Leaveout), 'on')
        fold = (1:tree.NumObservations)';
    else
        fold = octave_compat.stratifiedFolds(tree.Y, min(p.Results.KFold, tree.NumObservations));
    end
    model = ClassificationPartitionedModel(tree, fold);
end
