function fraction = misclassified(predicted, labels)
%MISCLASSIFIED  Fraction of predicted labels that differ from the true ones.
    if iscell(labels)
        fraction = mean(~strcmp(predicted(:), labels(:)));
    else
        fraction = mean(predicted(:) ~= labels(:));
    end
end
