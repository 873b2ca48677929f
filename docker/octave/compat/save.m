function save(varargin)
%SAVE  Octave's save with MATLAB's defaults: extension .mat, format MAT 7.
%   Octave only. Arguments are those of the built-in function.
    words = cellfun(@char, varargin, 'UniformOutput', false);
    isOption = strncmp(words, '-', 1);
    at = find(~isOption, 1);
    if ~isempty(at)
        words{at} = octave_compat.withMatExtension(words{at});
    end
    formats = {'-text', '-binary', '-ascii', '-mat', '-hdf5', '-float-binary'};
    isFormat = strncmpi(words, '-v', 2) | ismember(words, formats);
    if ~any(isFormat)
        words = [{'-v7'}, words];
    end
    evalin('caller', octave_compat.builtinCall('save', words));
end
