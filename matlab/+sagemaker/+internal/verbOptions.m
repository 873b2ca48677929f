function options = verbOptions(pairs, names, owner)
%VERBOPTIONS  Name-value pairs as options of a command of the kit.
%   OPTIONS = verbOptions(PAIRS) makes {'--only', 'training'} of {'Only', 'training'}.
%   Raises sagemaker:options:pairs unless PAIRS are pairs of text.
%   OPTIONS = verbOptions(PAIRS, NAMES, OWNER) raises sagemaker:input:option for a name that is not
%   in the cell NAMES; OWNER is the caller's name, for this error.
    isText = cellfun(@(value) ischar(value) || isa(value, 'string'), pairs);
    if mod(numel(pairs), 2) ~= 0 || ~all(isText)
        error('sagemaker:options:pairs', ...
              ['The options are not pairs of a name and a text. Give them as, for example, ' ...
               '''Only'', ''training''.']);
    end
    options = cellfun(@(value) char(value), pairs, 'UniformOutput', false);
    if nargin > 1
        sagemaker.internal.options(cell2struct(cell(1, numel(names)), names, 2), options, owner);
    end
    for k = 1:2:numel(options)
        if nargin > 1
            options{k} = names{strcmpi(names, options{k})};
        end
        words = regexprep(options{k}, '(?<=[a-z])([A-Z])', '-$1');
        options{k} = ['--' lower(words)];
    end
end
