function folder = kitFolder()
%KITFOLDER  The folder that holds the kit's MATLAB packages.
    folder = mfilename('fullpath');
    for k = 1:4
        folder = fileparts(folder);
    end
end
