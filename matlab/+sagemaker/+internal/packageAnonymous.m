function [name, products] = packageAnonymous(f, folder)
%PACKAGEANONYMOUS  Write an anonymous function as a function file into FOLDER.
%   [NAME, PRODUCTS] = packageAnonymous(F, FOLDER) writes the text of F as the function NAME and the
%   variables that F has captured as captured.mat. PRODUCTS are the products that it needs. In
%   MATLAB, one that calls local functions of its file is packaged like a local function
%   (packageLocal).
%   Raises sagemaker:trainingFunction:captured and sagemaker:trainingFunction:local.
    name = 'sagemaker_training_function';
    about = functions(f);
    captured = struct();
    if isfield(about, 'workspace') && ~isempty(about.workspace)
        captured = about.workspace{1};
    end
    requireSaved(captured);
    text = regexprep(func2str(f), '\s*\n\s*', ' ');
    called = calledBy(text, fieldnames(captured));
    if isfield(about, 'within_file_path') && hasLocal(about.within_file_path, called)
        [name, products] = sagemaker.internal.packageLocal(f, about.within_file_path, folder);
        return
    end
    requireKnown(called, name);
    [start, tidy] = sagemaker.internal.temporaryFolder();
    file = fullfile(start, [name '.m']);
    lines = linesOf(name, text, fieldnames(captured));
    sagemaker.internal.writeText(file, strjoin(lines, newline));
    products = sagemaker.internal.packageFiles('the anonymous function', file, folder);
    if ~isempty(fieldnames(captured))
        sagemaker.internal.saveSame(fullfile(folder, 'captured.mat'), captured);
    end
end

function lines = linesOf(name, text, captured)
    % The file makes the handle in a function whose only variables are the captured ones.
    taken = [regexp(text, '\w+', 'match'), reshape(captured, 1, [])];
    own = matlab.lang.makeUniqueStrings({'made', 'kept', 'makeFunction'}, taken);
    [made, kept, make] = own{:};
    read = '';
    if ~isempty(captured)
        read = 'load(fullfile(fileparts(mfilename(''fullpath'')), ''captured.mat''))';
    end
    head = {['function ' name '(env, varargin)'], ...
            ['%' upper(name) '  Written by sagemaker.MATLABEstimator: an anonymous function.'], ...
            ['    feval(' make '(' read '), env, varargin{:});'], 'end', '', ...
            ['function ' made ' = ' make '(' kept ')']};
    values = cellfun(@(each) ['    ' each ' = ' kept '.' each ';'], reshape(captured, 1, []), ...
                     'UniformOutput', false);
    lines = [head, values, {['    ' made ' = ' text ';'], 'end', ''}];
end

function requireSaved(captured)
    % Octave can save neither function handles nor objects.
    if strcmp(sagemaker.internal.engine(), 'matlab')
        return
    end
    names = fieldnames(captured);
    for k = 1:numel(names)
        if ~isData(captured.(names{k}))
            error('sagemaker:trainingFunction:captured', ...
                  ['The anonymous function has captured %s of class %s, which Octave cannot ' ...
                   'save. Capture only numbers, text, cells and structs, and create anything ' ...
                   'else in a function that has its own file.'], ...
                  names{k}, class(captured.(names{k})));
        end
    end
end

function tf = isData(value)
    if iscell(value)
        tf = all(cellfun(@(item) isData(item), value(:)));
    elseif isstruct(value)
        tf = isData(struct2cell(value(:)));
    else
        tf = isnumeric(value) || islogical(value) || ischar(value);
    end
end

function called = calledBy(text, captured)
    % Names that are called in TEXT. A quote after a name, a bracket or another quote is a transpose
    % and does not start text.
    body = regexprep(text, '(?<![\w)\]}''.])''(?:[^'']|'''')*''|"[^"]*"', '''''');
    heads = regexp(body, '@\s*\([^)]*\)', 'match');  % also of inner functions
    own = [regexp(strjoin(heads), '\w+', 'match'), reshape(captured, 1, []), {'end'}];
    called = regexp(body, '(?<![\w.])[A-Za-z]\w*(?=\s*\()', 'match');
    called = setdiff(called, own);
end

function tf = hasLocal(file, called)
    % Whether FILE has one of the functions CALLED. Only MATLAB names the file of the handle.
    tf = false;
    if isfile(file)
        heads = regexp(sagemaker.internal.readText(file), ...
                       '^[ \t]*function\s+(?:[^=\n]*=\s*)?(\w+)', 'tokens', 'lineanchors');
        tf = any(ismember(called, [{''}, heads{:}]));
    end
end

function requireKnown(called, name)
    % Octave does not name the file of the handle: there, a function that has no file and is no
    % method must be a local one.
    isKnown = strcmp(sagemaker.internal.engine(), 'matlab');
    for k = 1:numel(called)
        found = isKnown || exist(called{k}, 'file') ~= 0 || exist(called{k}, 'builtin') ~= 0;
        if ~(found || isMethod(called{k})) || strcmp(called{k}, name)
            error('sagemaker:trainingFunction:local', ...
                  ['The anonymous function calls %s, which a job would not find: it has no ' ...
                   'file of its own, or its name is that of the function that the job runs. ' ...
                   'Put it in a file on the path, under its own name.'], called{k});
        end
    end
end

function tf = isMethod(name)
    % Whether a class folder on the path has this method, as those of Octave's classes do.
    folders = strsplit(path(), pathsep());
    tf = any(cellfun(@(folder) ~isempty(dir(fullfile(folder, '@*', [name '.m']))), folders));
end
