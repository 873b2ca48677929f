function bytes = toBytes(body)
%TOBYTES  A body (char, string or uint8) as a row of bytes, text as UTF-8.
    if isa(body, 'uint8')
        bytes = body(:)';
    else
        body = char(body);
        bytes = uint8(body(:)');
        if any(double(body(:)) > 127)
            bytes = reshape(unicode2native(body, 'UTF-8'), 1, []);
        end
    end
end
