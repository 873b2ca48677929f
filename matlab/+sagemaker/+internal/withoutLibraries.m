function words = withoutLibraries(words)
%WITHOUTLIBRARIES  A command (1 x n cell) that runs without LD_LIBRARY_PATH and LD_PRELOAD.
%   MATLAB sets them to its own libraries, which other programs cannot use.
    if ~ispc()
        words = [{'env', '-u', 'LD_LIBRARY_PATH', '-u', 'LD_PRELOAD'}, words];
    end
end
