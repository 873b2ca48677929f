function [session, calls] = hFakeKit(varargin)
%HFAKEKIT  A session with a fake of the kit's commands (verbs), and a record of the calls.
%   [SESSION, CALLS] = hFakeKit(VERB, JSON, ...): VERB returns the outputs JSON; other verbs return
%   {}. JSON with an error also has the exit code. CALLS is a containers.Map:
%       'verbs'          - all verbs in the order of the calls
%       '<verb>'         - options of the last call of <verb>
%       '<verb> folder'  - its folder
%       '<verb> project' - the text of sagemaker.yml in that folder
%       '<verb> files'   - the names of the files in it
%       '<verb> token'   - the environment variable MLM_LICENSE_TOKEN
%       'request'        - the request of predict
    answers = containers.Map('KeyType', 'char', 'ValueType', 'any');
    for k = 1:2:numel(varargin)
        answers(varargin{k}) = varargin{k + 1};
    end
    calls = containers.Map('KeyType', 'char', 'ValueType', 'any');
    calls('verbs') = {};
    runner = @(verb, options, folder) answer(answers, calls, verb, options, folder);
    session = sagemaker.Session('Runner', runner, 'Project', 'flowers');
end

function [code, text] = answer(answers, calls, verb, options, folder)
    calls('verbs') = [calls('verbs'), {verb}];
    calls(verb) = strjoin(options, ' ');
    calls([verb ' token']) = getenv('MLM_LICENSE_TOKEN');
    calls([verb ' folder']) = folder;
    calls([verb ' project']) = '';
    if isfile(fullfile(folder, 'sagemaker.yml'))
        calls([verb ' project']) = fileread(fullfile(folder, 'sagemaker.yml'));
        calls([verb ' files']) = filesOf(folder, '');
    end
    if any(strcmp(options, '--answer'))
        calls('request') = fileread(fullfile(folder, 'request.csv'));
        hWriteText(fullfile(folder, 'answer.csv'), sprintf('species\nsetosa\n'));
    end
    code = 0;
    text = '{}';
    if isKey(answers, verb)
        text = answers(verb);
    end
    decoded = struct();
    if ~isempty(text)
        decoded = jsondecode(text);
    end
    if isfield(decoded, 'error')
        code = decoded.error.exit_code;
    end
end

function list = filesOf(folder, prefix)
    % Names of the files in FOLDER and the folders in it, relative to FOLDER.
    list = {};
    inside = dir(folder);
    for k = 1:numel(inside)
        name = [prefix inside(k).name];
        if ~inside(k).isdir
            list{end + 1} = name;
        elseif inside(k).name(1) ~= '.'
            list = [list, filesOf(fullfile(folder, inside(k).name), [name '/'])];
        end
    end
    list = sort(list);
end
