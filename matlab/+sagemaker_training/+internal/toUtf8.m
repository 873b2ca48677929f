function bytes = toUtf8(text)
%TOUTF8  Text as a row of UTF-8 bytes; what is no valid text becomes '?'.
%   An error message may quote bytes of a user's file that are no UTF-8.
    try
        bytes = unicode2native(text, 'UTF-8');
    catch
        text(double(text) > 127) = '?';
        bytes = uint8(text);
    end
    bytes = reshape(bytes, 1, []);
end
