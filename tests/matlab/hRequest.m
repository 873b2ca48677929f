function request = hRequest(method, path, body, headers)
%HREQUEST  A web request as MATLAB Production Server passes it to a handler.
%   BODY is text or bytes (uint8). HEADERS is an n x 2 cell, {} by default.
    if nargin < 3
        body = '';
    end
    if nargin < 4
        headers = {};
    end
    if ischar(body)
        body = unicode2native(body, 'UTF-8');
    end
    request = struct('ApiVersion', [1, 0, 0], 'Body', body, ...
                     'Headers', {headers}, 'HttpVersion', [1, 1], 'Method', method, 'Path', path);
end
