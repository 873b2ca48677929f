function bytes = toUtf8(text)
%TOUTF8  Text as a row of UTF-8 bytes; a character that is not valid becomes '?'.
%   An error message may quote bytes from a user's file that is not UTF-8.
    try
        bytes = unicode2native(text, 'UTF-8');
    catch
        text(double(text) > 127) = '?';
        bytes = uint8(text);
    end
    bytes = reshape(bytes, 1, []);
end
