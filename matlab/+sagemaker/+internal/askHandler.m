function [bytes, report] = askHandler(base, plan)
%ASKHANDLER  Answer a request with a model as the endpoint would, in this session.
%   [BYTES, REPORT] = sagemaker.internal.askHandler(BASE, PLAN) uses the model in BASE/model. PLAN:
%       handler      - the handler's class, which is on the path
%       folder       - where its code begins: errors name files as seen from there
%       request      - file with the request's body, '' for none: then only the model is loaded
%       contentType, accept
%   BYTES is the body of the answer. REPORT:
%       failure      - '', or the error as sagemaker_training.failureReport writes it; it is in the
%                      log as well
%       release      - of MATLAB (2026a), '' where the engine has none
%       predictors   - of the model, columns - the names of the request's columns
%       modelClass   - the class of the model; hasPredict - whether predict takes it
%       loadError    - why the model cannot be loaded, '' where it can
%   of which all but the first two are known only after a failure.
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
        bytes = ask(handler, plan, body);
    catch err
        report.failure = sagemaker_training.failureReport(err, plan.folder);
        fprintf(2, '%s\n', report.failure);
        report = explained(handler, base, body, plan, report);
    end
end

function bytes = ask(handler, plan, body)
    % The body of the answer; without a request only the model is loaded, as for a ping.
    headers = {'Content-Type', plan.contentType; 'Accept', plan.accept};
    request = struct('ApiVersion', [1, 0, 0], 'Path', '/invocations', 'Method', 'POST', ...
                     'Headers', {headers}, 'Body', body, 'HttpVersion', [1, 1]);
    if isempty(plan.request)
        response = handler.ping(request);
    else
        response = handler.invocations(request);
    end
    bytes = response.Body;
end

function report = explained(handler, base, body, plan, report)
    % What the model is and wants, and what the request has, as far as that is known.
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
