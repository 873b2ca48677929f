function trainSample(env, varargin)
%TRAINSAMPLE  The training function of the sample job, which tests a new image.
%   trainSample(ENV, 'factor', F) saves F times the mean of the channel 'training' as model.
    options = struct(varargin{:});
    values = dlmread(fullfile(env.ChannelInputFolders.training, 'sample.csv'), ',', 1, 0);
    model = options.factor * mean(values);
    fprintf('the sample''s model: %g\n', model);
    save(fullfile(env.ModelFolder, 'model.mat'), 'model', '-v7');
end
