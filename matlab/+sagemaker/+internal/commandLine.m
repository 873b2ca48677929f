function line = commandLine(words, isWindows)
%COMMANDLINE  A command with its arguments, quoted for the system's shell: cmd on Windows, else sh.
%   LINE = commandLine(WORDS, ISWINDOWS): WORDS is a 1 x n cell of text. Raises sagemaker:input:word
%   on Windows for a word with " or %, which cmd would change.
    if nargin < 2
        isWindows = ispc();
    end
    quoted = cell(size(words));
    for k = 1:numel(words)
        if ~isWindows
            quoted{k} = ['''' strrep(words{k}, '''', '''\''''') ''''];
        elseif isempty(regexp(words{k}, '["%\r\n]', 'once'))
            quoted{k} = ['"' regexprep(words{k}, '(\\+)$', '$1$1') '"'];
        else
            error('sagemaker:input:word', ...
                  ['%s has a character that the Windows command line would change. Write it ' ...
                   'without " and %%.'], ...
                  words{k});
        end
    end
    line = strjoin(quoted, ' ');
end
