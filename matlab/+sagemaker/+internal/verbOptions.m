function options = verbOptions(pairs)
%VERBOPTIONS  Name-value pairs as options of a command of the kit.
%   OPTIONS = verbOptions(PAIRS) makes {'--only', 'training'} of {'Only', 'training'}.
%   Raises sagemaker:options:pairs unless PAIRS are pairs of text.
    isText = cellfun(@(value) ischar(value) || isa(value, 'string'), pairs);
    if mod(numel(pairs), 2) ~= 0 || ~all(isText)
        error('sagemaker:options:pairs', ...
              ['The options are not pairs of a name and a text. Give them as, for example, ' ...
               '''Only'', ''training''.']);
    end
    options = cellfun(@(value) char(value), pairs, 'UniformOutput', false);
    for k = 1:2:numel(options)
        words = regexprep(options{k}, '(?<=[a-z])([A-Z])', '-$1');
        options{k} = ['--' lower(words)];
    end
end
