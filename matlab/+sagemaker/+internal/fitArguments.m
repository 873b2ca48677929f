function [channels, settings] = fitArguments(pairs)
%FITARGUMENTS  Split the arguments of fit into channels and options.
%   [CHANNELS, SETTINGS] = fitArguments(PAIRS): PAIRS are names and values. CHANNELS is an n x 2
%   cell of names and sources, SETTINGS a struct with Wait and JobName, which are found in any case.
%   Raises sagemaker:fit:channels if there is no channel.
    settings = struct('Wait', true, 'JobName', '');
    options = fieldnames(settings);
    channels = cell(0, 2);
    if mod(numel(pairs), 2) ~= 0
        error('sagemaker:fit:channels', ...
              ['The last argument of fit has no value. Give pairs of a channel and its data, ' ...
               'such as ''training'', ''data/training''.']);
    end
    for k = 1:2:numel(pairs)
        name = sagemaker.internal.plain(pairs{k});
        if ~ischar(name)
            error('sagemaker:fit:channels', ...
                  ['fit got a value without a name. Give pairs of a channel and its data, such ' ...
                   'as ''training'', ''data/training''.']);
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
              'fit got no data. Give a channel, such as fit(''training'', ''data/training'').');
    end
end
