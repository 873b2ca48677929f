function doctor(varargin)
%DOCTOR  Say what is fine and what is not, of account, images and this machine, with each fix.
%   sagemaker.doctor() looks at the project of the current folder; it changes nothing. In a folder
%   without sagemaker.yml it says whether scripts with sagemaker.Session would work here.
%   sagemaker.doctor(NAME, VALUE, ...) takes the options of `scripts/run doctor`:
%       'Config' - sagemaker.yml of another folder. Default: that of the current folder.
%       'Region' - AWS Region. Default: that of sagemaker.yml, else of the AWS configuration.
%       'Steps'  - the steps that are to work here, such as 'train deploy'. Default: all.
%       'Bucket', 'Builder', 'Principal', 'TrainingRole', 'ServingRole'
%       'Runner' - function that runs a verb of the kit: CODE = F(VERB, OPTIONS). Default:
%                  @sagemaker.internal.runKit.
%   Raises sagemaker:doctor:failed where something is wrong; it is said above.
%
%   Example:
%       sagemaker.doctor('Steps', 'train')
%
%   See also sagemaker.check, sagemaker.setup.
    [runner, pairs] = runnerOf(varargin);
    options = sagemaker.internal.verbOptions(pairs);
    if ~any(strcmp(options(1:2:end), '--config')) && ~isfile(fullfile(pwd(), 'sagemaker.yml'))
        [folder, tidy] = sagemaker.internal.temporaryFolder();
        options = [deskOptions(folder, options), options];
    end
    code = runner('doctor', options);
    if code ~= 0
        error('sagemaker:doctor:failed', ...
              'The doctor ended with exit code %d. What is wrong is said above.', code);
    end
end

function [runner, pairs] = runnerOf(pairs)
    runner = @sagemaker.internal.runKit;
    for k = 1:2:numel(pairs) - 1
        if strcmpi(pairs{k}, 'Runner')
            runner = pairs{k + 1};
            pairs(k:k + 1) = [];
            return
        end
    end
end

function more = deskOptions(folder, given)
    % For a project as an estimator writes it, so without a repository and its workflows.
    lines = {'name: desk', ['matlab: {engine: ' sagemaker.internal.engine() '}'], ...
             'training: {function: desk, code: code, channels: {training: data}}', 'inference: {}'};
    file = fullfile(folder, 'sagemaker.yml');
    sagemaker.internal.writeText(file, sprintf('%s\n', lines{:}));
    sagemaker.internal.writeText(fullfile(folder, 'code', 'desk.m'), ...
                                 sprintf('function desk(env, varargin)\nend\n'));
    sagemaker.internal.writeText(fullfile(folder, 'data', 'data.csv'), sprintf('x\n'));
    more = {'--config', file};
    if ~any(strcmp(given(1:2:end), '--steps'))
        more = [more, {'--steps', 'build-training-image train compile-handler deploy predict'}];
    end
end
