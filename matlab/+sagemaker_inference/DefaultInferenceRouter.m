function response = DefaultInferenceRouter(request, handler)
%DEFAULTINFERENCEROUTER  Answer SageMaker's requests: GET /ping and POST /invocations.
%   RESPONSE = sagemaker_inference.DefaultInferenceRouter(REQUEST) calls the handler whose class is
%   in the environment variable SAGEMAKER_INFERENCE_HANDLER (default: DefaultInferenceHandler). A
%   worker creates its handler once and keeps the model.
%   RESPONSE = sagemaker_inference.DefaultInferenceRouter(REQUEST, HANDLER) calls HANDLER, an
%   object.
%
%   REQUEST is a struct as MATLAB Production Server passes it: Path and Method (char), Headers
%   (n x 2 cell of name and text or number), Body (1 x n uint8), ApiVersion and HttpVersion.
%   RESPONSE is a struct with ApiVersion (1 x 3), HttpCode, HttpMessage, Headers (n x 2 cell) and
%   Body (1 x n uint8).
%   It never raises an error. An error becomes 400, 404, 405, 406, 415 or 500. For a 500, the log
%   has the full report, and the body has the identifier and the line of the handler's code.
%
%   Example: answer a request in this session, with a handler of your own.
%       request = struct('Path', '/invocations', 'Method', 'POST', 'HttpVersion', [1, 1], ...
%                        'ApiVersion', [1, 0, 0], 'Headers', {{'Content-Type', 'text/csv'}}, ...
%                        'Body', uint8(sprintf('x\n1\n')));
%       response = sagemaker_inference.DefaultInferenceRouter(request, MyHandler());
%       disp(char(response.Body))
%   Source: https://www.mathworks.com/help/mps/restfuljson/use-web-handler-for-custom-routes-and-custom-payloads.html
%   See also sagemaker_inference.DefaultInferenceHandler.
    try
        name = '';
        route = routeOf(request.Path, request.Method);
        if nargin < 2
            handler = workerHandler();
        end
        name = class(handler);
        switch route
            case 'ping'
                response = handler.ping(request);
            otherwise
                response = handler.invocations(request);
        end
    catch err
        response = errorResponse(err, name);
    end
end

function route = routeOf(path, method)
    path = regexprep(path, '\?.*$', '');
    switch path
        case '/ping'
            route = 'ping';
            allowed = 'GET';
        case '/invocations'
            route = 'invocations';
            allowed = 'POST';
        otherwise
            error('sagemaker_inference:route:path', ...
                  'There is no path %s. Use /ping or /invocations.', path);
    end
    if ~strcmpi(method, allowed)
        error('sagemaker_inference:route:method', '%s does not accept %s. Send %s.', ...
              path, method, allowed);
    end
end

function handler = workerHandler()
    persistent kept keptName
    env = sagemaker_inference.Environment();
    if ~strcmp(keptName, env.HandlerName)
        kept = sagemaker_inference.internal.makeHandler(env.HandlerName);
        keptName = env.HandlerName;
    end
    handler = kept;
end

function response = errorResponse(err, className)
    % The JSON object {"error": identifier, "message": text}; a 500 also has "where". The message of
    % a 500 goes to the log: it is not meant for callers of the endpoint.
    identifier = err.identifier;
    if isempty(identifier)
        identifier = 'sagemaker_inference:error';
    end
    code = statusOf(identifier);
    content = struct('error', identifier, 'message', err.message);
    if code == 500
        content.message = 'The handler failed. The log of the endpoint has the message and stack.';
        folder = sagemaker_inference.internal.codeFolder(className);
        [report, where] = sagemaker_inference.internal.errorReport(identifier, err, folder);
        fprintf(2, '%s', report);
        if ~isempty(where)
            content.where = where;
        end
    end
    response = sagemaker_inference.internal.respond(code, jsonencode(content), 'application/json');
    if code == 405
        response.Headers(end + 1, :) = {'Allow', 'GET for /ping, POST for /invocations'};
    end
end

function code = statusOf(identifier)
    switch identifier
        case 'sagemaker_inference:decode:body'
            code = 400;
        case 'sagemaker_inference:route:path'
            code = 404;
        case 'sagemaker_inference:route:method'
            code = 405;
        case 'sagemaker_inference:encode:accept'
            code = 406;
        case 'sagemaker_inference:decode:contentType'
            code = 415;
        otherwise
            code = 500;
    end
end
