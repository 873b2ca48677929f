function name = archiveName()
%ARCHIVENAME  Name of the compiled archive: the component that the routes name.
    name = 'sagemaker_handler';
end
