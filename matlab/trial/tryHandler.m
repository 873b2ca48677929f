function tryHandler(env, varargin)
%TRYHANDLER  Answer a request with a trained model as the endpoint would: what a job runs.
%   tryHandler(ENV, 'handler', CLASS, 'content_type', TYPE, 'accept', TYPE) is a training function.
%   Its channels:
%       code    - this file, the kit's code for handlers and, in its folder handler, the project's
%       model   - model.tar.gz
%       request - the request's body in the file request; without the channel the model is loaded
%                 and nothing is asked
%   It saves, as its model, report.json (see sagemaker.internal.askHandler) and, where the handler
%   has answered, the body of the answer in the file answer. An error of the handler's is what it
%   reports: the job itself has done its work.
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
    models = [fullfile(base, 'model'), filesep];  % an error names a file as it is in model.tar.gz
    report.failure = strrep(report.failure, models, '');
    report.loadError = strrep(report.loadError, models, '');
    file = fullfile(env.ModelFolder, 'report.json');
    sagemaker.internal.writeText(file, jsonencode(report));
end
