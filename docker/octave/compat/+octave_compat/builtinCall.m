function code = builtinCall(name, words)
%BUILTINCALL  Source text that calls a built-in with text arguments, for the caller's workspace.
    quoted = cellfun(@(w) ['''' strrep(w, '''', '''''') ''''], [{name}, words], ...
                     'UniformOutput', false);
    code = ['builtin(' strjoin(quoted, ', ') ');'];
end
