classdef DefaultInferenceHandler < handle
%DEFAULTINFERENCEHANDLER  What an endpoint does with a request; derive a class and override a step.
%       classdef MyHandler < sagemaker_inference.DefaultInferenceHandler
%           methods
%               function prediction = predict(obj, inputData, model)
%                   prediction = table(predict(model, inputData), 'VariableNames', {'label'});
%               end
%           end
%       end
%
%   load_model    - the variable model of <modelFolder>/model.mat; called once for each worker.
%   decode_input  - request body and its Content-Type -> table. The body is char for text types and
%                   JSON, and 1 x n uint8 for all others.
%   predict       - table and model -> prediction: a table, or an array with one row a prediction.
%   encode_output - prediction and the Accept header -> body (char or uint8).
%   ping          - response to GET /ping: 200 once the model is loaded.
%   invocations   - response to POST /invocations: the four steps above.
%
%   Bodies are text/csv with a header line, or application/json: an array of records, one record,
%   or {"instances": [...]}. Without a Content-Type the body is text/csv; without an Accept header,
%   or with */*, the answer has the type of the request.
%   An override may refuse a request with one of these identifiers, any other error is a 500:
%   sagemaker_inference:decode:contentType (415), sagemaker_inference:decode:body (400),
%   sagemaker_inference:encode:accept (406).
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
%   See also sagemaker_inference.DefaultInferenceRouter.

    properties (Access = private)
        Model = []
        LoadedFolder = ''
    end

    methods
        function model = load_model(obj, modelFolder)
        %LOAD_MODEL  The variable model of model.mat. Raises sagemaker_inference:model:missing.
            model = sagemaker_inference.internal.loadModel(modelFolder);
        end

        function inputData = decode_input(obj, inputData, contentType)
        %DECODE_INPUT  A request body as a table. Raises sagemaker_inference:decode:contentType,
        %   :body.
            text = sagemaker_inference.internal.toText(inputData);
            switch sagemaker_inference.internal.mediaType(contentType)
                case 'text/csv'
                    inputData = sagemaker_inference.readTableFromString(text);
                case 'application/json'
                    inputData = sagemaker_inference.internal.jsonToTable(text);
                otherwise
                    error('sagemaker_inference:decode:contentType', ...
                          'Content-Type ''%s'' is unknown. Send text/csv or application/json.', ...
                          contentType);
            end
        end

        function prediction = predict(obj, inputData, model)
        %PREDICT  What the model's own predict function answers for the table inputData.
            prediction = predict(model, inputData);
        end

        function output = encode_output(obj, prediction, accept)
        %ENCODE_OUTPUT  A prediction as text. Raises sagemaker_inference:encode:accept.
            switch sagemaker_inference.internal.negotiate(accept, {'text/csv', 'application/json'})
                case 'text/csv'
                    output = sagemaker_inference.writeTableToString( ...
                        sagemaker_inference.internal.asTable(prediction));
                case 'application/json'
                    output = sagemaker_inference.internal.tableToJson(prediction);
                otherwise
                    error('sagemaker_inference:encode:accept', ...
                          'Nothing can be sent as ''%s''. Accept text/csv or application/json.', ...
                          accept);
            end
        end

        function response = ping(obj, request)
        %PING  200 with an empty body once the model is loaded.
            loaded_model(obj);
            response = sagemaker_inference.internal.respond(200, '', 'text/plain');
        end

        function response = invocations(obj, request)
        %INVOCATIONS  The answer to one request of Production Server's form.
            contentType = sagemaker_inference.internal.headerValue(request.Headers, 'Content-Type');
            if isempty(contentType)
                contentType = 'text/csv';
            end
            accept = sagemaker_inference.internal.headerValue(request.Headers, 'Accept');
            if isempty(accept) || strcmp(strtrim(accept), '*/*')
                accept = sagemaker_inference.internal.mediaType(contentType);
            end
            model = loaded_model(obj);
            body = sagemaker_inference.internal.bodyAs(contentType, request.Body);
            inputData = obj.decode_input(body, contentType);
            prediction = obj.predict(inputData, model);
            output = obj.encode_output(prediction, accept);
            response = sagemaker_inference.internal.respond( ...
                200, output, sagemaker_inference.internal.responseType(accept));
        end
    end

    methods (Access = private)
        function model = loaded_model(obj)
            folder = sagemaker_inference.internal.modelFolder();
            if ~strcmp(obj.LoadedFolder, folder)
                obj.Model = obj.load_model(folder);
                obj.LoadedFolder = folder;
            end
            model = obj.Model;
        end
    end
end
