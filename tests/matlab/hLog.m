function names = hLog(name)
%HLOG  A log for test handlers: hLog(NAME) adds a line, hLog() returns and clears the log.
    persistent kept
    if isempty(kept)
        kept = {};
    end
    if nargin > 0
        kept{end + 1} = name;
    else
        names = kept;
        kept = {};
    end
end
