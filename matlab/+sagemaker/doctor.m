function doctor(varargin)
%DOCTOR  Check that the AWS account and this machine are ready.
%   sagemaker.doctor() checks the project in the current folder and says how to fix each problem. In
%   a folder without sagemaker.yml it checks whether scripts with sagemaker.Session would work. It
%   changes nothing.
%   sagemaker.doctor(NAME, VALUE, ...) sets options, each a text:
%       'Config'  - sagemaker.yml of the project. Default: that of the current folder.
%       'Project' - without a sagemaker.yml: name of the project that your scripts will use, as
%                   BaseJobName of an estimator. It has to begin with the NamePrefix of your
%                   account's stack. Default 'matlab'.
%       'BatchTokenSecret' - without a sagemaker.yml: as for sagemaker.MATLABEstimator.
%       'Profile' - profile of the AWS configuration. Default: its default profile.
%       'Region'  - AWS Region. Default: that of sagemaker.yml, else of the AWS configuration.
%       'Bucket'  - S3 bucket. Default: that of sagemaker.yml.
%       'Steps'   - steps that have to work here, such as 'train deploy'. Default: all.
%       'Builder' - 'docker' (default), or 'folder', which works only on the kit's emulator.
%       'Principal' - ARN of the role or user whose permissions are checked. Default: yours.
%       'TrainingRole', 'ServingRole'
%                 - roles of jobs and endpoints, ARN or name. Default: those of sagemaker.yml.
%       'Runner'  - for tests: function that runs a command of the kit, CODE = F(VERB, OPTIONS).
%                   Default: @sagemaker.internal.runKit.
%   Raises sagemaker:doctor:failed if something is wrong; the lines before the error say what.
%
%   Example:
%       sagemaker.doctor('Steps', 'train')
%
%   See also sagemaker.check, sagemaker.setup.
    own = struct('Project', '', 'BatchTokenSecret', '', 'Profile', '', ...
                 'Runner', @sagemaker.internal.runKit);
    [own, pairs] = sagemaker.internal.options(own, varargin, 'doctor');
    text = @(name, wanted) sagemaker.internal.requireText(name, own.(name), '.', wanted);
    own.Project = text('Project', 'the name of a project');
    own.BatchTokenSecret = text('BatchTokenSecret', 'the name of a secret');
    own.Profile = text('Profile', 'the name of a profile');
    names = {'Config', 'Region', 'Bucket', 'Steps', 'Builder', 'Principal', 'TrainingRole', ...
             'ServingRole'};
    options = sagemaker.internal.verbOptions(pairs, 'doctor', [names, fieldnames(own)']);
    if ~any(strcmp(options(1:2:end), '--config')) && ~isfile(fullfile(pwd(), 'sagemaker.yml'))
        [folder, tidy] = sagemaker.internal.temporaryFolder();
        options = [deskOptions(folder, own, options), options];
    elseif ~isempty([own.Project, own.BatchTokenSecret])
        error('sagemaker:input:project', ...
              ['''Project'' and ''BatchTokenSecret'' cannot be used with a sagemaker.yml, ' ...
               'which names both. Leave them out.']);
    end
    restore = sagemaker.internal.useProfile(own.Profile);
    code = own.Runner('doctor', options);
    if code ~= 0
        error('sagemaker:doctor:failed', ...
              ['Something is not ready (exit code %d). The lines above say what, and how to ' ...
               'fix it; then call sagemaker.doctor again.'], code);
    end
end

function more = deskOptions(folder, own, given)
    % Options for a project like an estimator's: it has no repository and no workflows.
    if isempty(own.Project)
        own.Project = 'matlab';
    end
    if isempty(own.BatchTokenSecret)
        own.BatchTokenSecret = 'matlab-sagemaker-batch-token';
    end
    name = sagemaker.internal.projectName(own.Project);
    about = sagemaker.internal.projectOf(name, struct('Region', '', 'Bucket', ''));
    if strcmp(about.engine, 'matlab')
        about.secret = own.BatchTokenSecret;
    end
    fprintf(['There is no sagemaker.yml in this folder, so what follows is about scripts of ' ...
             'the project %s (option ''Project'') with the engine %s.\n'], name, about.engine);
    about.function = 'desk';
    about.channels = {'training', 'data'};
    about.serves = true;
    sagemaker.internal.writeProjectFile(about, folder);
    sagemaker.internal.writeText(fullfile(folder, 'code', 'desk.m'), ...
                                 sprintf('function desk(env, varargin)\nend\n'));
    sagemaker.internal.writeText(fullfile(folder, 'data', 'data.csv'), sprintf('x\n'));
    more = {'--config', fullfile(folder, 'sagemaker.yml')};
    if ~any(strcmp(given(1:2:end), '--steps'))
        more = [more, {'--steps', 'build-training-image train compile-handler deploy predict'}];
    end
end
