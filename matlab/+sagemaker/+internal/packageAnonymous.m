function [name, products] = packageAnonymous(f, folder)
%PACKAGEANONYMOUS  Write an anonymous function as a function file into FOLDER.
%   [NAME, PRODUCTS] = packageAnonymous(F, FOLDER) writes the text of F as the function NAME and the
%   variables that F has captured as captured.mat. PRODUCTS are the products that it needs. Raises
%   sagemaker:trainingFunction:captured and sagemaker:trainingFunction:local.
    name = 'sagemaker_training_function';
    about = functions(f);
    captured = struct();
    if isfield(about, 'workspace') && ~isempty(about.workspace)
        captured = about.workspace{1};
    end
    requireSaved(captured);
    text = regexprep(func2str(f), '\s*\n\s*', ' ');
    requireKnown(text, fieldnames(captured), name);
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

function requireKnown(text, captured, name)
    % A job has no local functions of a script: each function that is called must be on the path. A
    % quote after a name, a bracket or another quote is a transpose and does not start text.
    body = regexprep(text, '(?<![\w)\]}''.])''(?:[^'']|'''')*''|"[^"]*"', '''''');
    heads = regexp(body, '@\s*\([^)]*\)', 'match');  % also of inner functions
    own = [regexp(strjoin(heads), '\w+', 'match'), reshape(captured, 1, []), {'end'}];
    called = regexp(body, '(?<![\w.])[A-Za-z]\w*(?=\s*\()', 'match');
    called = setdiff(called, own);
    for k = 1:numel(called)
        isKnown = exist(called{k}, 'file') ~= 0 || exist(called{k}, 'builtin') ~= 0;
        if ~isKnown || strcmp(called{k}, name)
            error('sagemaker:trainingFunction:local', ...
                  ['The anonymous function calls %s, which a job would not find: it has no ' ...
                   'file of its own, or its name is that of the function that the job runs. ' ...
                   'Put it in a file on the path, under its own name.'], called{k});
        end
    end
end
