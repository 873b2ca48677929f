classdef EntryPoint
%ENTRYPOINT  The training function of a job, and how it is called.
%   EP = sagemaker_training.EntryPoint(ENV) is that of ENV, a sagemaker_training.Environment.
%   run(EP) puts the code folder, with the folders in it as genpath gives them, on the path and
%   calls the function that ENV.UserEntryPoint names as
%       f(env, name, value, ...)
%   with the user's hyperparameters as pairs. The current folder is the code folder during the
%   call; path and folder are as before when it ends.
%
%   Environment - the sagemaker_training.Environment that was given.
%
%   What the function raises is raised. Raises sagemaker_training:program:missing where the job
%   names no function, and sagemaker_training:program:notFound where its file is not there.
%
%   Example: what sagemaker_training.main does in a job.
%       run(sagemaker_training.EntryPoint(sagemaker_training.Environment()))
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
              ['The job does not say what to run. Set the hyperparameter sagemaker_program to ' ...
               'the name of a function in the code folder.']);
    end
    inPackages = regexprep(env.ModuleName, '([^.]+)[.]', ['+$1', '/']);
    file = fullfile(env.ModuleFolder, [inPackages '.m']);
    if exist(file, 'file') ~= 2
        error('sagemaker_training:program:notFound', ...
              'The training function %s has no file %s. The folder holds: %s. %s', ...
              env.ModuleName, file, functionFiles(env.ModuleFolder), ...
              'Name one of these or add the file to the code folder.');
    end
end

function list = functionFiles(folder)
    found = dir(fullfile(folder, '*.m'));
    list = 'no .m file';
    if ~isempty(found)
        list = strjoin({found.name}, ', ');
    end
end
