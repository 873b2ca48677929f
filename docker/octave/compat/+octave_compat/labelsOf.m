function labels = labelsOf(data, labels)
%LABELSOF  The labels themselves, or the variable of a table that LABELS names.
    if istable(data) && ischar(labels)
        labels = data.(labels);
    end
end
