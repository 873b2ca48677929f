function text = toText(body)
%TOTEXT  A body (uint8 or char) as text; a byte order mark is dropped.
%   Raises sagemaker_inference:decode:body for bytes that are not UTF-8.
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
        % Octave's native2unicode raises an error for other bytes, MATLAB's replaces them.
        try
            text = native2unicode(bytes, 'UTF-8');
            isUtf8 = isequal(reshape(unicode2native(text, 'UTF-8'), 1, []), bytes);
        catch
            isUtf8 = false;
        end
        if ~isUtf8
            error('sagemaker_inference:decode:body', 'The body is not UTF-8. Send it as UTF-8.');
        end
    end
end
