function requireNew(folder, hasData)
%REQUIRENEW  Raise sagemaker:writeProject:exists where FOLDER has files of a project, and
%   sagemaker:writeProject:channels where HASDATA is false: nobody has said
%   which data it is about.
    if ~hasData
        error('sagemaker:writeProject:channels', ...
              ['Nothing is known of the data. Call fit first, or name the channels: ' ...
               'writeProject(folder, handler, ''training'', source).']);
    end
    names = {'sagemaker.yml', 'code', 'inference', 'data'};
    places = cellfun(@(name) fullfile(folder, name), names, 'UniformOutput', false);
    isThere = cellfun(@(place) isfile(place) || isfolder(place), places);
    if any(isThere)
        error('sagemaker:writeProject:exists', ...
              '%s has %s already. Name a new folder, or remove them.', folder, ...
              strjoin(names(isThere), ', '));
    end
end
