function save(varargin)
%SAVE  Octave's save with MATLAB's defaults: extension .mat, format MAT 7.
%   Octave only. Arguments are those of the built-in function. As in MATLAB, a missing variable is
%   an error (octave_compat:save:variable); the built-in only warns, and saves nothing.
    words = cellfun(@char, varargin, 'UniformOutput', false);
    isOption = strncmp(words, '-', 1);
    at = find(~isOption, 1);
    if ~isempty(at)
        [~, ~, extension] = fileparts(words{at});
        if isempty(extension)
            words{at} = [words{at} '.mat'];
        end
    end
    formats = {'-text', '-binary', '-ascii', '-mat', '-hdf5', '-float-binary'};
    isFormat = strncmpi(words, '-v', 2) | ismember(words, formats);
    if ~any(isFormat)
        words = [{'-v7'}, words];
    end
    if ~any(ismember(words, {'-struct', '-regexp'}))
        requireVariables(words(~isOption), evalin('caller', 'who()'));
    end
    evalin('caller', octave_compat.builtinCall('save', words));
end

function requireVariables(names, here)
    % The first of NAMES is the file; names with wildcards are not checked.
    for k = 2:numel(names)
        isName = ~isempty(regexp(names{k}, '^[a-zA-Z]\w*$', 'once'));
        if isName && ~any(strcmp(names{k}, here))
            error('octave_compat:save:variable', ...
                  'There is no variable ''%s'' to save; there are: %s.', names{k}, ...
                  strjoin(here(:)', ', '));
        end
    end
end
