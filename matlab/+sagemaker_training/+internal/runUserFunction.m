function runUserFunction(env)
%RUNUSERFUNCTION  Call the user's training function with its folders on the path.
%   Raises sagemaker_training:program:missing or :notFound, and what the function raises.
    checkProgram(env);
    addpath(env.CodeFolder, env.ModuleFolder);
    before = cd(env.CodeFolder);
    restore = onCleanup(@() cd(before));
    pairs = env.toArgs();
    feval(env.ModuleName, env, pairs{:});
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
              env.ModuleName, file, sagemaker_training.internal.functionFiles(env.ModuleFolder), ...
              'Name one of these or add the file to the code folder.');
    end
end
