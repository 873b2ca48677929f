function type = mediaType(header)
%MEDIATYPE  The media type of a Content-Type header in lower case, without its parameters.
    type = lower(strtrim(regexprep(header, ';.*$', '')));
end
