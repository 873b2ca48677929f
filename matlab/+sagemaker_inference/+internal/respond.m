function response = respond(code, body, contentType)
%RESPOND  Response struct in the format of MATLAB Production Server.
%   RESPONSE = respond(CODE, BODY, CONTENTTYPE): BODY is char, string or uint8. Raises
%   sagemaker_inference:encode:body for any other class.
    response = struct('ApiVersion', [1, 0, 0], 'HttpCode', code, 'HttpMessage', reasonOf(code), ...
                      'Headers', {{'Content-Type', contentType}}, 'Body', toBytes(body));
end

function bytes = toBytes(body)
    % The body as a row of bytes; text is UTF-8.
    if isa(body, 'uint8')
        bytes = body(:)';
    elseif ~(ischar(body) && size(body, 1) <= 1 || isscalar(body) && isa(body, 'string'))
        error('sagemaker_inference:encode:body', ...
              ['encode_output returned a %s with %d rows and %d columns. Return one row of ' ...
               'text, or bytes (uint8).'], class(body), size(body, 1), size(body, 2));
    else
        body = char(body);
        bytes = uint8(body(:)');
        if any(double(body(:)) > 127)
            bytes = reshape(unicode2native(body, 'UTF-8'), 1, []);
        end
    end
end

function reason = reasonOf(code)
    switch code
        case 200
            reason = 'OK';
        case 400
            reason = 'Bad Request';
        case 404
            reason = 'Not Found';
        case 405
            reason = 'Method Not Allowed';
        case 406
            reason = 'Not Acceptable';
        case 415
            reason = 'Unsupported Media Type';
        otherwise
            reason = 'Internal Server Error';
    end
end
