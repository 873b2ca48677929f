function response = DefaultInferenceRouter(request, handler)
%DEFAULTINFERENCEROUTER  Answers SageMaker's two requests: GET /ping and POST /invocations.
%   RESPONSE = sagemaker_inference.DefaultInferenceRouter(REQUEST) asks the handler whose class the
%   environment variable SAGEMAKER_INFERENCE_HANDLER names (DefaultInferenceHandler without it). The
%   handler is made once for each worker and keeps its model.
%   RESPONSE = sagemaker_inference.DefaultInferenceRouter(REQUEST, HANDLER) asks HANDLER.
%
%   REQUEST is MATLAB Production Server's struct of a web request: Path and Method (char), Headers
%   (n x 2 cell of name and text or number), Body (1 x n uint8), ApiVersion and HttpVersion.
%   RESPONSE has ApiVersion (1 x 3), HttpCode, HttpMessage, Headers (n x 2 cell), Body (1 x n
%   uint8).
%   Example: what an endpoint answers to a request, with the handler of your own in the session.
%       request = struct('Path', '/invocations', 'Method', 'POST', 'HttpVersion', [1, 1], ...
%                        'ApiVersion', [1, 0, 0], 'Headers', {{'Content-Type', 'text/csv'}}, ...
%                        'Body', uint8(sprintf('x\n1\n')));
%       response = sagemaker_inference.DefaultInferenceRouter(request, MyHandler());
%       disp(char(response.Body))
%
%   It never raises: an error becomes 400, 404, 405, 406, 415 or 500, with the whole report of a
%   500 in the log, and the identifier and the line of the handler's code in the body.
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
                  'There is nothing at %s. Use /ping or /invocations.', path);
    end
    if ~strcmpi(method, allowed)
        error('sagemaker_inference:route:method', '%s takes %s, not %s.', path, allowed, method);
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
    % The JSON object {"error": identifier, "message": text}, of a 500 with "where" as well. What
    % went wrong inside is for the log, not for the caller of the endpoint.
    identifier = err.identifier;
    if isempty(identifier)
        identifier = 'sagemaker_inference:error';
    end
    code = statusOf(identifier);
    content = struct('error', identifier, 'message', err.message);
    if code == 500
        content.message = 'The handler failed. The endpoint''s log has the message and the stack.';
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
