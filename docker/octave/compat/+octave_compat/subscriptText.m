function text = subscriptText(subscript)
%SUBSCRIPTTEXT  A subscript as an error message shows it.
    text = subscript.subs;
    if ~ischar(text)
        text = subscript.type;
    end
end
