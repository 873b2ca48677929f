function line = commandLine(words, isWindows)
%COMMANDLINE  WORDS (1 x n cell of texts) as the system's shell reads them: cmd on Windows, else sh.
%   Raises sagemaker:input:word for a word with " or % on Windows, where cmd would change it.
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
                  '%s has a sign that cmd on Windows would change. Write it without " and %%.', ...
                  words{k});
        end
    end
    line = strjoin(quoted, ' ');
end
