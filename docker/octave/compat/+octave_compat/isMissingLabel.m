function missing = isMissingLabel(labels)
%ISMISSINGLABEL  True where a label is empty text or NaN.
    if iscell(labels)
        missing = cellfun('isempty', labels);
    else
        missing = isnan(labels);
    end
end
