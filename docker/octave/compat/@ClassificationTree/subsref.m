function value = subsref(obj, s)
%SUBSREF  tree.Property and tree.method(arguments).
    value = octave_compat.callOrField(obj, s, ...
        {'predict', 'resubPredict', 'resubLoss', 'loss', 'crossval'});
end
