function options = verbOptions(pairs, owner, names)
%VERBOPTIONS  Name-value pairs as options of a command of the kit.
%   OPTIONS = verbOptions(PAIRS, OWNER) makes {'--only', 'training'} of {'Only', 'training'}. OWNER
%   is the caller's name, for errors: sagemaker:input:pairs, and sagemaker:input:<name> for a value
%   that is not text.
%   OPTIONS = verbOptions(PAIRS, OWNER, NAMES) raises sagemaker:input:option for a name that is not
%   in the cell NAMES.
    sagemaker.internal.requirePairs(pairs, owner);
    options = reshape(pairs, 1, []);
    for k = 1:2:numel(pairs)
        if nargin > 2
            name = sagemaker.internal.optionName(pairs{k}, names, owner);
        else
            name = sagemaker.internal.requireText('option', pairs{k}, '.', 'the name of an option');
        end
        words = regexprep(name, '(?<=[a-z])([A-Z])', '-$1');
        options{k} = ['--' lower(words)];
        options{k + 1} = sagemaker.internal.requireText(name, pairs{k + 1}, '.', 'a text');
    end
end
