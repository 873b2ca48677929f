function fraction = misclassified(predicted, labels, data)
%MISCLASSIFIED  Fraction of predicted labels that differ from the true ones.
%   LABELS may name a variable of the table DATA.
    if nargin > 2 && istable(data) && ischar(labels)
        labels = data.(labels);
    end
    if iscell(labels)
        fraction = mean(~strcmp(predicted(:), labels(:)));
    else
        fraction = mean(predicted(:) ~= labels(:));
    end
end
