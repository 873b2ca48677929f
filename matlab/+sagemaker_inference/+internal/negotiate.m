function [best, first] = negotiate(accept, offers)
%NEGOTIATE  Best of the offered media types for an Accept header, '' if it accepts none.
%   [BEST, FIRST] = negotiate(ACCEPT, OFFERS): the weight of an offer is that of the most specific
%   range that fits it. Of equal weights, the one of the earlier range wins, then the earlier offer.
%   FIRST is the first range of the header.
%   Source: https://www.rfc-editor.org/rfc/rfc9110#name-accept
    first = accept;
    best = accept;
    if any(strcmp(accept, offers))
        return
    end
    best = '';
    [types, weights] = acceptedTypes(accept);
    if ~isempty(types)
        first = types{1};
    end
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

function [types, weights] = acceptedTypes(accept)
    % The media ranges of the header and their q values. The default is 1.
    parts = strtrim(strsplit(accept, ','));
    parts = parts(~cellfun('isempty', parts));
    parts = parts(1:min(end, 64));  % thousands would occupy a worker for seconds
    types = cellfun(@(p) sagemaker_inference.internal.mediaType(p), parts, 'UniformOutput', false);
    weights = ones(1, numel(parts));
    for k = 1:numel(parts)
        q = regexp(lower(parts{k}), ';\s*q\s*=\s*([0-9.]+)', 'tokens', 'once');
        if ~isempty(q)
            weights(k) = str2double(q{1});
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
