function writeProjectFile(about, folder)
%WRITEPROJECTFILE  Write ABOUT (sagemaker.internal.projectOf) to FOLDER/sagemaker.yml.
    sagemaker.internal.writeText(fullfile(folder, 'sagemaker.yml'), ...
                                 sagemaker.internal.projectText(about));
end
