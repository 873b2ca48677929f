function text = limitText(text, limit, ending)
%LIMITTEXT  TEXT within LIMIT bytes of UTF-8, cut between characters; ENDING marks a cut.
    bytes = sagemaker_training.internal.toUtf8(text);
    if numel(bytes) <= limit
        return
    end
    kept = max(floor(limit) - numel(ending), 0);
    while kept > 0 && bitand(bytes(kept + 1), 192) == 128
        kept = kept - 1;
    end
    text = [native2unicode(bytes(1:kept), 'UTF-8'), ending];
end
