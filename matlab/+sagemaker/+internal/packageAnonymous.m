function [name, products] = packageAnonymous(f, folder)
%PACKAGEANONYMOUS  Write an anonymous function as a function with a file, into FOLDER.
%   Its text becomes the function NAME, the variables that it has captured captured.mat. Raises
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
    products = sagemaker.internal.packageFiles('The anonymous function', file, folder);
    if ~isempty(fieldnames(captured))
        sagemaker.internal.saveSame(fullfile(folder, 'captured.mat'), captured);
    end
end

function lines = linesOf(name, text, captured)
    % The handle is made where no other variables are than those that it has captured.
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
    % Octave saves neither handles nor objects.
    if strcmp(sagemaker.internal.engine(), 'matlab')
        return
    end
    names = fieldnames(captured);
    for k = 1:numel(names)
        if ~isData(captured.(names{k}))
            error('sagemaker:trainingFunction:captured', ...
                  ['The anonymous function has captured %s, of class %s, which Octave cannot ' ...
                   'save. Capture numbers, texts, cells and structs; make the rest in a ' ...
                   'function with a file of its own.'], names{k}, class(captured.(names{k})));
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
    % A job knows no local function of a script: what is called has to be found from here. A quote
    % behind a name, a bracket or another quote transposes, and begins no text.
    body = regexprep(text, '(?<![\w)\]}''.])''(?:[^'']|'''')*''|"[^"]*"', '''''');
    heads = regexp(body, '@\s*\([^)]*\)', 'match');  % of inner functions as well
    own = [regexp(strjoin(heads), '\w+', 'match'), reshape(captured, 1, []), {'end'}];
    called = regexp(body, '(?<![\w.])[A-Za-z]\w*(?=\s*\()', 'match');
    called = setdiff(called, own);
    for k = 1:numel(called)
        isKnown = exist(called{k}, 'file') ~= 0 || exist(called{k}, 'builtin') ~= 0;
        if ~isKnown || strcmp(called{k}, name)
            error('sagemaker:trainingFunction:local', ...
                  ['The anonymous function calls %s, which has no file of its own, or the name ' ...
                   'of the function that a job runs: a job would not find it. Put it into a ' ...
                   'file of a name of its own on the path.'], called{k});
        end
    end
end
