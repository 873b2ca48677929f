function base = hJobFolder(hyperParameters, channels)
%HJOBFOLDER  A new folder laid out as SageMaker lays out /opt/ml for a training job.
%   HYPERPARAMETERS and CHANNELS are the JSON texts of the two configuration files.
    base = tempname();
    folders = {'code', 'model', 'input/config', 'input/data', 'output/data'};
    for k = 1:numel(folders)
        mkdir(fullfile(base, folders{k}));
    end
    config = fullfile(base, 'input', 'config');
    hWriteText(fullfile(config, 'hyperparameters.json'), hyperParameters);
    hWriteText(fullfile(config, 'inputdataconfig.json'), channels);
    hWriteText(fullfile(config, 'resourceconfig.json'), ...
               '{"current_host": "algo-1", "hosts": ["algo-1"], "network_interface_name": "eth0"}');
end
