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
%   It never raises: an error becomes 400, 404, 405, 406, 415 or 500, with the whole report of a
%   500 in the log and the identifier in the body.
%   Source: https://www.mathworks.com/help/mps/restfuljson/use-web-handler-for-custom-routes-and-custom-payloads.html
%   See also sagemaker_inference.DefaultInferenceHandler.
    try
        method = sagemaker_inference.internal.routeOf(request.Path, request.Method);
        if nargin < 2
            handler = sagemaker_inference.internal.workerHandler();
        end
        switch method
            case 'ping'
                response = handler.ping(request);
            otherwise
                response = handler.invocations(request);
        end
    catch err
        response = sagemaker_inference.internal.errorResponse(err);
    end
end
