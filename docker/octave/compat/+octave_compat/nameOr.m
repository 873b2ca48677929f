function name = nameOr(name, fallback)
%NAMEOR  NAME, or FALLBACK where the caller's argument was an expression.
    if ~isvarname(name)
        name = fallback;
    end
end
