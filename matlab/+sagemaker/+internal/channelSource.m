function source = channelSource(name, value, folder)
%CHANNELSOURCE  The source of a channel as sagemaker.yml names it; copy local data into FOLDER.
%   SOURCE = channelSource(NAME, VALUE, FOLDER): VALUE is an S3 location, a folder, a file, a table,
%   or struct('Location', one of these, ...). SOURCE is the S3 location, or data/NAME, a folder in
%   FOLDER. Raises sagemaker:channel:source.
    value = sagemaker.internal.plain(value);
    if isstruct(value) && isfield(value, 'Location')
        value = sagemaker.internal.plain(value.Location);
    end
    source = ['data/' name];
    place = fullfile(folder, 'data', name);
    if isa(value, 'table')
        sagemaker.internal.writeText(fullfile(place, [name '.csv']), ...
                                     sagemaker_inference.writeTableToString(value));
    elseif ~ischar(value)
        error('sagemaker:channel:source', ...
              ['The channel %s is of class %s. Give a folder, a file, a table, an S3 location, ' ...
               'or struct(''Location'', uri, ''ContentType'', type).'], name, class(value));
    elseif strncmpi(value, 's3://', 5)
        source = value;
    elseif isfolder(value)
        sagemaker.internal.copyWhole(value, place);
    elseif isfile(value)
        mkdir(place);
        sagemaker.internal.copyWhole(value, place);
    else
        error('sagemaker:channel:source', ...
              ['There is no folder or file ''%s'' for the channel %s. Correct it: a relative ' ...
               'name starts at the current folder.'], value, name);
    end
end
