function request = hRequest(method, path, body, headers)
%HREQUEST  A web request as MATLAB Production Server hands it to a handler.
%   BODY is text; HEADERS an n x 2 cell, {} when left out.
    if nargin < 3
        body = '';
    end
    if nargin < 4
        headers = {};
    end
    request = struct('ApiVersion', [1, 0, 0], 'Body', unicode2native(body, 'UTF-8'), ...
                     'Headers', {headers}, 'HttpVersion', [1, 1], 'Method', method, 'Path', path);
end
