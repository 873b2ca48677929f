function requireNew(folder, hasData)
%REQUIRENEW  Check that writeProject can write into FOLDER, and has data.
%   Raises sagemaker:writeProject:exists if FOLDER has files of a project, and
%   sagemaker:writeProject:channels if HASDATA is false.
    if ~hasData
        error('sagemaker:writeProject:channels', ...
              ['There is no training data to write, because fit was not called. Call fit ' ...
               'first, or name the channels: ' ...
               'writeProject(folder, handler, ''training'', source).']);
    end
    names = {'sagemaker.yml', 'code', 'inference', 'data'};
    places = cellfun(@(name) fullfile(folder, name), names, 'UniformOutput', false);
    isThere = cellfun(@(place) isfile(place) || isfolder(place), places);
    if any(isThere)
        error('sagemaker:writeProject:exists', ...
              '%s already has %s. Give a new folder, or remove them.', folder, ...
              strjoin(names(isThere), ', '));
    end
end
