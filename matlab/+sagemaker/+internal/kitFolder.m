function folder = kitFolder()
%KITFOLDER  The kit's own folder, which has the folders scripts, matlab and docker.
    folder = fileparts(mfilename('fullpath'));
    for above = {'+internal', '+sagemaker', 'matlab'}
        folder = fileparts(folder);
    end
end
