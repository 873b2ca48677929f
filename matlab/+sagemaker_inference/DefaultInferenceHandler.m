classdef DefaultInferenceHandler < handle
%DEFAULTINFERENCEHANDLER  What an endpoint does with a request; derive a class and override a step.
%
%   Example: a handler that names the column of its answer.
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
%   Bodies are text/csv, or application/json: an array of records, one record, or
%   {"instances": [...]}, whose answer is {"predictions": [...]}. Columns go by their names, in any
%   order. CSV without a header line has the model's predictors in their order: where the
%   Content-Type is text/csv; header=absent, where MATLAB_SAGEMAKER_CSV_HEADER=absent, and where the
%   first line can be nothing but data. Without a Content-Type the body is text/csv; without an
%   Accept header, or with */*, the answer has the type of the request.
%   An override may refuse a request with one of these identifiers, any other error is a 500:
%   sagemaker_inference:decode:contentType (415), sagemaker_inference:decode:body (400),
%   sagemaker_inference:encode:accept (406).
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
%   See also sagemaker_inference.DefaultInferenceRouter.

    properties (Access = private)
        Model = []
        Predictors = sagemaker_inference.internal.predictorsOf([])
        LoadedFolder = ''
        HasInstances = false
    end

    methods
        function model = load_model(obj, modelFolder)
        %LOAD_MODEL  The variable model of model.mat. Raises sagemaker_inference:model:missing.
            file = fullfile(char(modelFolder), 'model.mat');
            model = sagemaker_inference.internal.modelOf(file);
        end

        function inputData = decode_input(obj, inputData, contentType)
        %DECODE_INPUT  A request body as a table. Raises sagemaker_inference:decode:contentType,
        %   :body.
            text = sagemaker_inference.internal.toText(inputData);
            obj.HasInstances = false;
            switch sagemaker_inference.internal.mediaType(contentType)
                case 'text/csv'
                    header = sagemaker_inference.internal.csvHeader(contentType);
                    inputData = sagemaker_inference.internal.csvToTable(text, header, ...
                                                                        obj.Predictors);
                case 'application/json'
                    [inputData, obj.HasInstances] = ...
                        sagemaker_inference.internal.jsonToTable(text, obj.Predictors);
                otherwise
                    error('sagemaker_inference:decode:contentType', ...
                          'Content-Type ''%s'' is unknown. Send text/csv or application/json.', ...
                          contentType);
            end
        end

        function prediction = predict(obj, inputData, model)
        %PREDICT  What the model answers for the table inputData: model(inputData) of a function
        %   handle, model.predictFcn(inputData) of what Classification and Regression Learner
        %   export, predict(model, inputData) of any other.
        %   Where the model names its predictors, it is given those, in its order; others are
        %   ignored, and missing ones are the request's fault (400).
            predictors = sagemaker_inference.internal.predictorsOf(model);
            inputData = sagemaker_inference.internal.onlyPredictors(inputData, predictors);
            if isa(model, 'function_handle')
                prediction = model(inputData);
            elseif isstruct(model) && isfield(model, 'predictFcn')
                prediction = model.predictFcn(inputData);
            else
                prediction = predict(model, inputData);
            end
        end

        function output = encode_output(obj, prediction, accept)
        %ENCODE_OUTPUT  A prediction as text. Raises sagemaker_inference:encode:accept.
            switch sagemaker_inference.internal.negotiate(accept, {'text/csv', 'application/json'})
                case 'text/csv'
                    output = sagemaker_inference.writeTableToString( ...
                        sagemaker_inference.internal.asTable(prediction));
                case 'application/json'
                    output = sagemaker_inference.internal.tableToJson(prediction);
                    if obj.HasInstances
                        output = ['{"predictions":' output '}'];
                    end
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
            contentType = headerValue(request.Headers, 'Content-Type');
            if isempty(contentType)
                contentType = 'text/csv';
            end
            accept = headerValue(request.Headers, 'Accept');
            if isempty(accept) || strcmp(strtrim(accept), '*/*')
                accept = sagemaker_inference.internal.mediaType(contentType);
            end
            model = loaded_model(obj);
            obj.HasInstances = false;
            body = bodyAs(contentType, request.Body);
            inputData = obj.decode_input(body, contentType);
            prediction = predictOrRefuse(obj, inputData, model);
            output = obj.encode_output(prediction, accept);
            response = sagemaker_inference.internal.respond(200, output, answerType(accept));
        end
    end

    methods (Access = private)
        function prediction = predictOrRefuse(obj, inputData, model)
            % A missing predictor, and text where the model has numbers, is the request's fault; but
            % only what failed is refused, for a handler may make predictors of other columns.
            try
                prediction = obj.predict(inputData, model);
            catch err
                sagemaker_inference.internal.requirePredictors(inputData, obj.Predictors);
                rethrow(err);
            end
        end

        function model = loaded_model(obj)
            folder = sagemaker_inference.internal.modelFolder();
            if ~strcmp(obj.LoadedFolder, folder)
                obj.Model = obj.load_model(folder);
                obj.Predictors = sagemaker_inference.internal.predictorsOf(obj.Model);
                obj.LoadedFolder = folder;
            end
            model = obj.Model;
        end
    end
end

function value = headerValue(headers, name)
    % As text, '' where it is missing; values of one name joined by commas.
    value = '';
    if isempty(headers)
        return
    end
    rows = find(strcmpi(headers(:, 1), name));
    for k = 1:numel(rows)
        part = headers{rows(k), 2};
        if isnumeric(part)
            part = sprintf('%.15g', part);
        end
        if k > 1
            value = [value ', '];
        end
        value = [value char(part)];
    end
    value = strtrim(value);
end

function body = bodyAs(contentType, bytes)
    % As decode_input takes it: text of text types (char), else bytes (uint8).
    body = bytes;
    type = sagemaker_inference.internal.mediaType(contentType);
    if strncmp(type, 'text/', 5) || ~isempty(regexp(type, '[/+]json$', 'once'))
        body = sagemaker_inference.internal.toText(bytes);
    end
end

function type = answerType(accept)
    % The first type asked for, where an override of encode_output writes what we do not know.
    offers = {'text/csv', 'application/json'};
    [type, first] = sagemaker_inference.internal.negotiate(accept, offers);
    if isempty(type)
        type = first;
    end
end
