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
        [name, products] = sagemaker.internal.packageLocal(f, about.file, folder);
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
