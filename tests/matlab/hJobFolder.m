function base = hJobFolder(hyperParameters, channels)
%HJOBFOLDER  A new folder laid out like /opt/ml in a training job of SageMaker.
%   HYPERPARAMETERS and CHANNELS are the JSON texts of two configuration files.
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
