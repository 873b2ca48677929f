function best = negotiate(accept, offers)
%NEGOTIATE  The offered media type that an Accept header likes best, '' where it likes none.
%   The most specific range that fits an offer gives its weight; ties go to the earlier range of
%   the header, then to the earlier offer.
%   Source: https://www.rfc-editor.org/rfc/rfc9110#name-accept
    best = '';
    if any(strcmp(accept, offers))
        best = accept;
        return
    end
    [types, weights] = sagemaker_inference.internal.acceptedTypes(accept);
    bestWeight = 0;
    bestRange = Inf;
    for k = 1:numel(offers)
        range = fittingRange(offers{k}, types);
        if ~isempty(range) && (weights(range) > bestWeight || ...
                               weights(range) == bestWeight && range < bestRange && bestWeight > 0)
            best = offers{k};
            bestWeight = weights(range);
            bestRange = range;
        end
    end
end

function range = fittingRange(offer, types)
    range = find(strcmp(types, offer), 1);
    if isempty(range)
        range = find(strcmp(types, regexprep(offer, '/.*$', '/*')), 1);
    end
    if isempty(range)
        range = find(strcmp(types, '*/*'), 1);
    end
end
