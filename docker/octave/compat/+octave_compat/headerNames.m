function names = headerNames(names, fallback)
%HEADERNAMES  Header fields as valid, unique variable names; an empty field gets its fallback.
    names = strtrim(names);
    blank = cellfun('isempty', names);
    names(blank) = fallback(blank);
    if ~all(cellfun(@isvarname, names))
        names = matlab.lang.makeValidName(names);
    end
    if numel(unique(names)) < numel(names)
        names = matlab.lang.makeUniqueStrings(names);
    end
end
