function response = errorResponse(err)
%ERRORRESPONSE  A caught error as a response.
%   The body is the JSON object {"error": identifier, "message": text}. What went wrong inside is
%   for the log, not for the caller of the endpoint.
    identifier = err.identifier;
    if isempty(identifier)
        identifier = 'sagemaker_inference:error';
    end
    code = sagemaker_inference.internal.statusOf(identifier);
    message = err.message;
    if code == 500
        sagemaker_inference.internal.logError(identifier, err);
        message = 'The handler failed. The endpoint''s log has the message and the stack.';
    end
    body = jsonencode(struct('error', identifier, 'message', message));
    response = sagemaker_inference.internal.respond(code, body, 'application/json');
    if code == 405
        response.Headers(end + 1, :) = {'Allow', 'GET for /ping, POST for /invocations'};
    end
end
