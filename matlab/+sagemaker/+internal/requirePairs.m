function requirePairs(pairs, owner)
%REQUIREPAIRS  Raise sagemaker:input:pairs if the last option in the cell PAIRS has no value.
%   OWNER is the caller's name, for the error.
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker:input:pairs', ...
              ['The last option of %s has no value. Give its options as pairs: ' ...
               '''Name'', value.'], owner);
    end
end
