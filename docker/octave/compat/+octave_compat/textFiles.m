function files = textFiles(location)
%TEXTFILES  Delimited text files that a datastore location names, as a column of full names.
    if iscell(location)
        files = location(:);
    elseif isfolder(location)
        found = [dir(fullfile(location, '*.csv')); dir(fullfile(location, '*.txt'))];
        files = sort(arrayfun(@(f) fullfile(location, f.name), found, 'UniformOutput', false));
    else
        files = {location};
    end
    if isempty(files) || ~all(cellfun(@isfile, files))
        error('octave_compat:datastore:empty', ...
              'There is no .csv or .txt file at %s. Check the folder or the channel.', ...
              strjoin(cellstr(location), ', '));
    end
end
