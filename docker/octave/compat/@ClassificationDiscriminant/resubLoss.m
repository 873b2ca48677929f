function fraction = resubLoss(obj)
%RESUBLOSS  Fraction of the training data that the model labels wrongly.
    fraction = octave_compat.misclassified(resubPredict(obj), struct(obj).Y);
end
