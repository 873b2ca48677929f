function words = withoutLibraries(words)
%WITHOUTLIBRARIES  The command of WORDS (a 1 x n cell) without the engine's LD_LIBRARY_PATH and
%   LD_PRELOAD: they name its own libraries.
    if ~ispc()
        words = [{'env', '-u', 'LD_LIBRARY_PATH', '-u', 'LD_PRELOAD'}, words];
    end
end
