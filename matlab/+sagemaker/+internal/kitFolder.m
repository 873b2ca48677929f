function folder = kitFolder()
%KITFOLDER  The kit's own folder, in which scripts, matlab and docker are.
    folder = fileparts(mfilename('fullpath'));
    for above = {'+internal', '+sagemaker', 'matlab'}
        folder = fileparts(folder);
    end
end
