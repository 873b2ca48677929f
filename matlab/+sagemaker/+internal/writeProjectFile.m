function writeProjectFile(about, folder)
%WRITEPROJECTFILE  ABOUT (sagemaker.internal.projectOf) as FOLDER/sagemaker.yml.
    sagemaker.internal.writeText(fullfile(folder, 'sagemaker.yml'), ...
                                 sagemaker.internal.projectText(about));
end
