function list = genpath(folder)
%GENPATH  A folder and its subfolders with functions, without 'resources' (Octave only).
    list = builtin('genpath', folder, '.*', '@*', '+*', 'private', 'resources');
end
