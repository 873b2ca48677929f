function text = toText(body)
%TOTEXT  A body (uint8 or char) as text, without a byte order mark.
%   Raises sagemaker_inference:decode:body if the bytes are not UTF-8.
    text = body;
    if ~ischar(body)
        bytes = uint8(body(:)');
        if numel(bytes) >= 3 && isequal(bytes(1:3), uint8([239, 187, 191]))
            bytes = bytes(4:end);
        end
        text = decodeUtf8(bytes);
    end
end

function text = decodeUtf8(bytes)
    text = char(bytes);
    if any(bytes > 127)
        % For invalid bytes, native2unicode raises an error in Octave and replaces them in MATLAB.
        try
            text = native2unicode(bytes, 'UTF-8');
            isUtf8 = isequal(reshape(unicode2native(text, 'UTF-8'), 1, []), bytes);
        catch
            isUtf8 = false;
        end
        if ~isUtf8
            error('sagemaker_inference:decode:body', ...
                  'The body is not valid UTF-8. Send text in UTF-8.');
        end
    end
end
