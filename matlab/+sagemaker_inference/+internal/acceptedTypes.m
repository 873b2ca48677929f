function [types, weights] = acceptedTypes(accept)
%ACCEPTEDTYPES  The media ranges of an Accept header and their q values (1 without one).
%   Source: https://www.rfc-editor.org/rfc/rfc9110#name-accept
    parts = strtrim(strsplit(accept, ','));
    parts = parts(~cellfun('isempty', parts));
    types = cellfun(@(p) sagemaker_inference.internal.mediaType(p), parts, 'UniformOutput', false);
    weights = ones(1, numel(parts));
    for k = 1:numel(parts)
        q = regexp(lower(parts{k}), ';\s*q\s*=\s*([0-9.]+)', 'tokens', 'once');
        if ~isempty(q)
            weights(k) = str2double(q{1});
        end
    end
end
