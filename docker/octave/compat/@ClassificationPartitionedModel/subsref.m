function value = subsref(obj, s)
%SUBSREF  model.Property and model.method().
    value = octave_compat.callOrField(obj, s, {'kfoldPredict', 'kfoldLoss'});
end
