function tryHandler(env, varargin)
%TRYHANDLER  Training function that answers a request with a trained model, as the endpoint would.
%   tryHandler(ENV, 'handler', CLASS, 'content_type', TYPE, 'accept', TYPE) runs in a training job
%   with the channels
%       code    - this file, the kit's code for handlers and, in the folder handler, the project's
%       model   - model.tar.gz
%       request - the file request with the body of the request; without this channel, the model is
%                 only loaded
%   The model of the job is report.json (see sagemaker.internal.askHandler) and, if the handler has
%   answered, the file answer with the body of the answer. An error of the handler is in the report:
%   the job itself has succeeded.
%   See also sagemaker_training.main, sagemaker.internal.rehearse.
    options = cell2struct(varargin(2:2:end), varargin(1:2:end), 2);
    base = tempname();
    mkdir(fullfile(base, 'model'));
    untar(fullfile(env.ChannelInputFolders.model, 'model.tar.gz'), fullfile(base, 'model'));
    plan = struct('handler', options.handler, 'folder', fullfile(env.CodeFolder, 'handler'), ...
                  'request', '', 'contentType', options.content_type, 'accept', options.accept);
    if isfield(env.ChannelInputFolders, 'request')
        plan.request = fullfile(env.ChannelInputFolders.request, 'request');
    end
    [bytes, report] = sagemaker.internal.askHandler(base, plan);
    if isempty(report.failure)
        sagemaker.internal.writeText(fullfile(env.ModelFolder, 'answer'), bytes);
    end
    models = [fullfile(base, 'model'), filesep];  % errors then name files as in model.tar.gz
    report.failure = strrep(report.failure, models, '');
    report.loadError = strrep(report.loadError, models, '');
    file = fullfile(env.ModelFolder, 'report.json');
    sagemaker.internal.writeText(file, jsonencode(report));
end
