function list = genpath(folder)
%GENPATH  A folder and those inside it that hold functions: not 'resources' either (Octave only).
    list = builtin('genpath', folder, '.*', '@*', '+*', 'private', 'resources');
end
