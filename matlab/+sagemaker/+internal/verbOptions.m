function options = verbOptions(pairs)
%VERBOPTIONS  Name-value pairs as options of a verb: {'ContentType', 'text/csv'} as
%   {'--content-type', 'text/csv'}. Raises sagemaker:options:pairs for what are no pairs of text.
    isText = cellfun(@(value) ischar(value) || isa(value, 'string'), pairs);
    if mod(numel(pairs), 2) ~= 0 || ~all(isText)
        error('sagemaker:options:pairs', ...
              'Give options as pairs of names and texts, such as ''Only'', ''training''.');
    end
    options = cellfun(@(value) char(value), pairs, 'UniformOutput', false);
    for k = 1:2:numel(options)
        words = regexprep(options{k}, '(?<=[a-z])([A-Z])', '-$1');
        options{k} = ['--' lower(words)];
    end
end
