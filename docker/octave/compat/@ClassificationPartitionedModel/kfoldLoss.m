function fraction = kfoldLoss(obj)
%KFOLDLOSS  Fraction of observations labelled wrongly by the tree that was fitted without them.
    fraction = octave_compat.misclassified(kfoldPredict(obj), struct(obj).Y);
end
