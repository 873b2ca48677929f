function [name, products] = packageFunction(f, folder)
%PACKAGEFUNCTION  Put a training function, with the user's files that it needs, into FOLDER.
%   F is a function's name, or a handle to a named or an anonymous function. NAME is the function to
%   call in FOLDER, PRODUCTS what MATLAB says that it needs. What travels is said. Only code does:
%   no data, and no file that is opened by its name.
%   Raises sagemaker:trainingFunction:notFound for what has no file, and
%   sagemaker:trainingFunction:local for local and nested functions on Octave, which saves no
%   handles; :captured for captured variables that it cannot save.
    f = sagemaker.internal.plain(f);
    if ischar(f)
        [name, products] = packageNamed(regexprep(f, '^@', ''), folder);
        return
    end
    if ~isa(f, 'function_handle')
        error('sagemaker:trainingFunction:notFound', ...
              'TrainingFunction is of class %s. Give a handle, such as @trainModel.', class(f));
    end
    about = functions(f);
    if strcmp(about.type, 'anonymous')
        [name, products] = sagemaker.internal.packageAnonymous(f, folder);
    elseif strcmp(about.type, 'simple')
        [name, products] = packageNamed(func2str(f), folder);
    else
        [name, products] = packageLocal(f, about, folder);
    end
end

function [name, products] = packageNamed(name, folder)
    file = sagemaker.internal.locate(name);
    if isempty(file)
        error('sagemaker:trainingFunction:notFound', ...
              ['There is no file of the function %s in the current folder or on the path. ' ...
               'Put the function into a file of its name, and the file''s folder on the path.'], ...
              name);
    end
    products = sagemaker.internal.packageFiles(name, file, folder);
end

function [name, products] = packageLocal(f, about, folder)
    % MATLAB saves such a handle, and finds it again where the file that has the function is.
    if ~strcmp(sagemaker.internal.engine(), 'matlab')
        error('sagemaker:trainingFunction:local', ...
              ['%s is a local or nested function, and Octave cannot save a handle to it. ' ...
               'Put it into a file of its own, or give an anonymous function that calls ' ...
               'functions with files of their own.'], func2str(f));
    end
    name = 'sagemaker_training_function';
    handle = struct('f', f);
    sagemaker.internal.saveSame(fullfile(folder, [name '.mat']), handle);
    lines = { ...
        ['function ' name '(env, varargin)'], ...
        ['%' upper(name) '  Written by sagemaker.MATLABEstimator: calls a local function.'], ...
        '    kept_folder = fileparts(mfilename(''fullpath''));', ...
        ['    kept = load(fullfile(kept_folder, ''' name '.mat''));'], ...
        '    kept.f(env, varargin{:});', ...
        'end', ''};
    sagemaker.internal.writeText(fullfile(folder, [name '.m']), strjoin(lines, newline));
    products = sagemaker.internal.packageFiles(func2str(f), about.file, folder);
end
