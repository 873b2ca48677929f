function text = listed(names)
%LISTED  Names for a message: at most the first twenty.
    shown = cellfun(@(n) ['"' n(1:min(end, 80)) '"'], names(1:min(end, 20)), ...
                    'UniformOutput', false);
    text = strjoin(shown(:)', ', ');
    if numel(names) > 20
        text = sprintf('%s and %d more', text, numel(names) - 20);
    end
end
