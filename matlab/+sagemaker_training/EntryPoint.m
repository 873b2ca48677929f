classdef EntryPoint
%ENTRYPOINT  Call the training function of a job.
%   EP = sagemaker_training.EntryPoint(ENV) finds the function that ENV.UserEntryPoint names. ENV is
%   a sagemaker_training.Environment.
%   run(EP) adds the code folder, and the folders in it, to the path and calls
%       f(env, name, value, ...)
%   with the hyperparameters as name-value arguments. The current folder is the code folder during
%   the call. Path and current folder are restored at the end.
%
%   Environment - the sagemaker_training.Environment that was given.
%
%   Errors of the function are not changed. Raises sagemaker_training:program:missing if the job
%   names no function, and sagemaker_training:program:notFound if the function has no file.
%
%   Example: what sagemaker_training.main does in a job.
%       run(sagemaker_training.EntryPoint(sagemaker_training.Environment()))
%
%   See also sagemaker_training.main, sagemaker_training.Environment.

    properties (SetAccess = private)
        Environment
    end

    methods
        function obj = EntryPoint(env)
            obj.Environment = env;
        end

        function run(obj)
        %RUN  Call the training function.
            env = obj.Environment;
            checkProgram(env);
            beforePath = addpath(genpath(env.CodeFolder), env.ModuleFolder);
            restorePath = onCleanup(@() path(beforePath));
            before = cd(env.CodeFolder);
            restore = onCleanup(@() cd(before));
            pairs = env.toArgs();
            feval(env.ModuleName, env, pairs{:});
        end
    end
end

function checkProgram(env)
    if isempty(env.ModuleName)
        error('sagemaker_training:program:missing', ...
              ['The job does not say which function to run. Set the hyperparameter ' ...
               'sagemaker_program to the name of a function in the code folder.']);
    end
    inPackages = regexprep(env.ModuleName, '([^.]+)[.]', ['+$1', '/']);
    file = fullfile(env.ModuleFolder, [inPackages '.m']);
    if exist(file, 'file') ~= 2
        error('sagemaker_training:program:notFound', ...
              ['There is no file %s, so the training function %s cannot run. Its folder has: ' ...
               '%s. Name one of these, or add the file to the code folder.'], ...
              file, env.ModuleName, functionFiles(env.ModuleFolder));
    end
end

function list = functionFiles(folder)
    found = dir(fullfile(folder, '*.m'));
    list = 'no .m file';
    if ~isempty(found)
        list = strjoin({found.name}, ', ');
    end
end
