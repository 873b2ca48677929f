function type = mediaType(header)
%MEDIATYPE  Media type of a Content-Type header in lower case, without parameters.
    type = lower(strtrim(regexprep(header, ';.*$', '')));
end
