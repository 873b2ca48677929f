function [bytes, report] = askHandler(base, plan)
%ASKHANDLER  Answer a request with a model in this session, as the endpoint would.
%   [BYTES, REPORT] = sagemaker.internal.askHandler(BASE, PLAN) uses the model in BASE/model. PLAN
%   is a struct:
%       handler      - class of the handler; it is on the path
%       folder       - folder of its code: errors name files relative to it
%       request      - file with the body of the request; '' only loads the model
%       contentType, accept - types of request and answer
%   BYTES is the body of the answer. REPORT is a struct:
%       failure      - '', or the error as sagemaker_training.failureReport writes it; it is also in
%                      the log
%       release      - MATLAB release, such as 2026a; '' on Octave
%       predictors   - predictor names of the model; columns - column names of the request
%       modelClass   - class of the model; hasPredict - whether it has a method predict
%       loadError    - why the model cannot be loaded; '' if it can
%   All fields but failure and release are set only after a failure.
%   See also sagemaker_inference.DefaultInferenceHandler.
    report = struct('failure', '', 'release', version('-release'), 'predictors', {{}}, ...
                    'columns', {{}}, 'modelClass', '', 'hasPredict', false, 'loadError', '');
    restore = sagemaker.internal.setVariables( ...
        {'SAGEMAKER_BASE_DIR', 'SAGEMAKER_INFERENCE_HANDLER'}, {base, plan.handler});
    bytes = uint8(zeros(1, 0));
    handler = [];
    body = uint8(zeros(1, 0));
    try
        handler = sagemaker_inference.internal.makeHandler(plan.handler);
        if ~isempty(plan.request)
            body = readBytes(plan.request);
        end
        bytes = ask(handler, base, plan, body);
    catch err
        report.failure = sagemaker_training.failureReport(err, plan.folder);
        fprintf(2, '%s\n', report.failure);
        report = explained(handler, base, body, plan, report);
    end
end

function bytes = ask(handler, base, plan, body)
    % The body of the answer. Without a request, only load the model, as for a ping.
    headers = {'Content-Type', plan.contentType; 'Accept', plan.accept};
    request = struct('ApiVersion', [1, 0, 0], 'Path', '/invocations', 'Method', 'POST', ...
                     'Headers', {headers}, 'Body', body, 'HttpVersion', [1, 1]);
    if isempty(plan.request)
        response = handler.ping(request);
        requirePredict(handler, base);
    else
        response = handler.invocations(request);
    end
    bytes = response.Body;
end

function requirePredict(handler, base)
    % Without a request nothing calls predict: refuse a model for which the kit's own predict,
    % which the classes in matlab/default_handler inherit, has no way to call it.
    if ~any(strcmp(class(handler), {'DefaultHandler', 'DefaultTableHandler'}))
        return
    end
    model = handler.load_model(fullfile(base, 'model'));
    isCalled = isstruct(model) && isfield(model, 'predictFcn');
    isPlain = isnumeric(model) || islogical(model) || ischar(model) || iscell(model) || ...
              isstruct(model);
    if isPlain && ~isCalled
        error('sagemaker_inference:model:predict', ...
              'The kit''s handlers cannot predict with a %s.', class(model));
    end
end

function report = explained(handler, base, body, plan, report)
    % Add to REPORT what is known of the model and of the columns of the request.
    if isempty(handler)
        return
    end
    try
        model = handler.load_model(fullfile(base, 'model'));
    catch err
        report.loadError = err.message;
        return
    end
    report.modelClass = class(model);
    report.hasPredict = isobject(model) && ismethod(model, 'predict');
    predictors = sagemaker_inference.internal.predictorsOf(model);
    report.predictors = predictors.Names;
    try
        data = handler.decode_input(native2unicode(body, 'UTF-8'), plan.contentType);
        report.columns = data.Properties.VariableNames;
    catch
        report.columns = {};
    end
end

function bytes = readBytes(file)
    handle = fopen(file, 'r');
    closing = onCleanup(@() fclose(handle));
    bytes = fread(handle, [1, Inf], '*uint8');
end
