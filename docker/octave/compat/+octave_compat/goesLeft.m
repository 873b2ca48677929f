function isLeft = goesLeft(values, cut)
%GOESLEFT  True where a training value belongs to the left child: below the cut, or missing and the
%   left child is at least as large as the right one.
    isLeft = values < cut;
    missing = isnan(values);
    if any(missing)
        isLeft(missing) = sum(isLeft) >= sum(values >= cut);
    end
end
