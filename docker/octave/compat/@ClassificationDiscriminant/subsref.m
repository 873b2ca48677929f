function value = subsref(obj, s)
%SUBSREF  model.Property and model.method(arguments).
    value = octave_compat.callOrField(obj, s, ...
        {'predict', 'resubPredict', 'resubLoss', 'loss', 'crossval'});
end
