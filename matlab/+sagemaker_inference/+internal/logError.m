function logError(identifier, err)
%LOGERROR  Identifier, message and stack of an error to the worker's standard error.
    fprintf(2, '%s: %s\n', identifier, err.message);
    for k = 1:numel(err.stack)
        fprintf(2, '  at %s (%s, line %d)\n', err.stack(k).name, err.stack(k).file, ...
                err.stack(k).line);
    end
end
