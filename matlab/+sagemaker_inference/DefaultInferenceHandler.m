classdef DefaultInferenceHandler < handle
%DEFAULTINFERENCEHANDLER  Answer requests with a model; derive a class to change a step.
%   Example: a handler that names the column of its answer.
%       classdef MyHandler < sagemaker_inference.DefaultInferenceHandler
%           methods
%               function prediction = predict(obj, inputData, model)
%                   prediction = table(predict(model, inputData), 'VariableNames', {'label'});
%               end
%           end
%       end
%
%   load_model    - load the variable model from <modelFolder>/model.mat; once for each worker.
%   decode_input  - request body and Content-Type -> table. The body is char for text types and
%                   JSON, and 1 x n uint8 for other types.
%   predict       - table and model -> prediction: a table, or an array with one row for each row.
%   encode_output - prediction and Accept header -> body (char or uint8).
%   ping          - response to GET /ping: 200 as soon as the model is loaded.
%   invocations   - response to POST /invocations: the four steps above.
%
%   A body is text/csv, or application/json: an array of records, one record, or
%   {"instances": [...]}, which is answered with {"predictions": [...]}. Columns are found by name,
%   in any order. CSV without a header line has the model's predictors in their order. There is no
%   header line if the Content-Type is text/csv; header=absent, if the variable
%   MATLAB_SAGEMAKER_CSV_HEADER is absent, or if the first line can only be data. Without a
%   Content-Type, the body is text/csv. Without an Accept header, or with */*, the answer has the
%   type of the request.
%   To refuse a request, raise one of these in your class; any other error is a 500:
%   sagemaker_inference:decode:contentType (415), sagemaker_inference:decode:body (400),
%   sagemaker_inference:encode:accept (406).
%   Source: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
%   See also sagemaker_inference.DefaultInferenceRouter, sagemaker_inference.TableModelHandler.

    properties (Access = private)
        Model = []
        Predictors = sagemaker_inference.internal.predictorsOf([])
        LoadedFolder = ''
        HasInstances = false
    end

    methods
        function model = load_model(obj, modelFolder)
        %LOAD_MODEL  Load model from model.mat. Raises sagemaker_inference:model:missing.
            file = fullfile(char(modelFolder), 'model.mat');
            model = sagemaker_inference.internal.modelOf(file);
        end

        function inputData = decode_input(obj, inputData, contentType)
        %DECODE_INPUT  Read a request body as a table.
        %   Raises sagemaker_inference:decode:contentType and sagemaker_inference:decode:body.
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
                          'Cannot read Content-Type ''%s''. Send text/csv or application/json.', ...
                          contentType);
            end
        end

        function prediction = predict(obj, inputData, model)
        %PREDICT  Prediction of the model for the table inputData.
        %   It is model(inputData) for a function handle, model.predictFcn(inputData) for the struct
        %   that Classification Learner and Regression Learner export, and predict(model, inputData)
        %   otherwise. If the model names its predictors, it gets only these, in its order. A
        %   missing one is an error of the request (400).
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
        %ENCODE_OUTPUT  Write a prediction as text. Raises sagemaker_inference:encode:accept.
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
                          'Cannot write ''%s''. Accept text/csv or application/json.', ...
                          accept);
            end
        end

        function response = ping(obj, request)
        %PING  Response 200 with an empty body as soon as the model is loaded.
            loaded_model(obj);
            response = sagemaker_inference.internal.respond(200, '', 'text/plain');
        end

        function response = invocations(obj, request)
        %INVOCATIONS  Response to one request, as structs of MATLAB Production Server.
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
            % A missing predictor, or text instead of numbers, is an error of the request. Check it
            % only if predict fails: a handler may compute predictors from other columns, and then
            % fail for a reason of its own.
            try
                prediction = obj.predict(inputData, model);
            catch err
                sagemaker_inference.internal.requirePredictors(inputData, obj.Predictors, ...
                                                               err, class(obj));
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
    % Value of a header as text, '' if it is missing; several values are joined by commas.
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
    % The body for decode_input: char for text types, else uint8.
    body = bytes;
    type = sagemaker_inference.internal.mediaType(contentType);
    if strncmp(type, 'text/', 5) || ~isempty(regexp(type, '[/+]json$', 'once'))
        body = sagemaker_inference.internal.toText(bytes);
    end
end

function type = answerType(accept)
    % The best type that we know, or else the first one that the request accepts.
    offers = {'text/csv', 'application/json'};
    [type, first] = sagemaker_inference.internal.negotiate(accept, offers);
    if isempty(type)
        type = first;
    end
end
