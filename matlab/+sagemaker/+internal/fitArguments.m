function [channels, settings] = fitArguments(pairs)
%FITARGUMENTS  The channels, an n x 2 cell of names and sources, among fit's name-value PAIRS, and
%   what else they say: Wait and JobName, in any case. Raises sagemaker:fit:channels where there is
%   no channel.
    settings = struct('Wait', true, 'JobName', '');
    options = fieldnames(settings);
    channels = cell(0, 2);
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker:fit:channels', ...
              'fit has a name without a value. Give channels as pairs: ''training'', source.');
    end
    for k = 1:2:numel(pairs)
        name = sagemaker.internal.plain(pairs{k});
        if ~ischar(name)
            error('sagemaker:fit:channels', ...
                  'fit has a value without a name. Give channels as pairs: ''training'', source.');
        end
        option = options(strcmpi(options, name));
        if ~isempty(option)
            settings.(option{1}) = pairs{k + 1};
        else
            channels(end + 1, :) = {name, pairs{k + 1}};
        end
    end
    settings.Wait = sagemaker.internal.requireFlag('Wait', settings.Wait);
    settings.JobName = sagemaker.internal.requireText('JobName', settings.JobName, '.', 'a name');
    if isempty(channels)
        error('sagemaker:fit:channels', ...
              'fit has no data. Give it a channel, such as fit(''training'', ''data/training'').');
    end
end
