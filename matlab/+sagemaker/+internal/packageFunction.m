function [name, products] = packageFunction(f, folder)
%PACKAGEFUNCTION  Copy a training function, and the user's files that it needs, into FOLDER.
%   [NAME, PRODUCTS] = packageFunction(F, FOLDER): F is the name of a function, or a handle to a
%   named or an anonymous function. NAME is the function to call in FOLDER, PRODUCTS are the
%   products that it needs, as far as MATLAB can tell. Only code is copied: no data, and no file
%   that the code opens by name. The files are listed in the command window.
%   Raises sagemaker:trainingFunction:notFound if the function has no file,
%   sagemaker:trainingFunction:local for local and nested functions on Octave, which cannot save
%   handles, and sagemaker:trainingFunction:captured for captured variables that Octave cannot save.
    f = sagemaker.internal.plain(f);
    if ischar(f)
        [name, products] = packageNamed(regexprep(f, '^@', ''), folder);
        return
    end
    if ~isa(f, 'function_handle')
        error('sagemaker:trainingFunction:notFound', ...
              'TrainingFunction is of class %s. Give a function handle, such as @trainModel.', ...
              class(f));
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
              ['There is no file of the function %s in the current folder or on the path. Put ' ...
               'the function in a file with its name, and add the folder of that file to the ' ...
               'path.'], ...
              name);
    end
    products = sagemaker.internal.packageFiles(name, file, folder);
end

function [name, products] = packageLocal(f, about, folder)
    % MATLAB can save such a handle. It loads wherever the file with the function is on the path.
    if ~strcmp(sagemaker.internal.engine(), 'matlab')
        error('sagemaker:trainingFunction:local', ...
              ['%s is a local or nested function, and Octave cannot save a handle to it. ' ...
               'Put it in its own file, or give an anonymous function that calls only ' ...
               'functions with their own files.'], func2str(f));
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
