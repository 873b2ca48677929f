function fraction = loss(obj, data, labels)
%LOSS  Fraction of DATA whose label the tree gets wrong; LABELS may name a variable of the table.
    if nargin < 3
        labels = struct(obj).ResponseName;
    end
    fraction = octave_compat.misclassified(predict(obj, data), labels, data);
end
