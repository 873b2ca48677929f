function text = projectText(about)
%PROJECTTEXT  Text of sagemaker.yml for the struct ABOUT; empty fields are left out.
%   The fields of ABOUT are name, engine, release, products, secret; function, channels,
%   hyperparameters, metrics (n x 2 cells), environment, image, instanceType, instanceCount,
%   maxRunTime, maxWaitTime (seconds); model; handler ('' is the default one), serves (whether
%   there is an endpoint), endpoint, endpointType, endpointCount; region, bucket, trainingRole,
%   servingRole, subnets, securityGroups, tags.
    entries = @(varargin) sagemaker.internal.entries(varargin{:});
    vpc = entries('subnets', about.subnets, 'security_groups', about.securityGroups);
    sections = entries( ...
        'name', about.name, ...
        'model', about.model, ...
        'matlab', entries('engine', about.engine, 'release', about.release, ...
                          'products', about.products, 'batch_token_secret', about.secret), ...
        'training', trainingOf(about), ...
        'inference', inferenceOf(about), ...
        'endpoint', endpointOf(about), ...
        'aws', entries('region', about.region, 'bucket', about.bucket, ...
                       'training_role', about.trainingRole, 'serving_role', about.servingRole, ...
                       'vpc', vpc, 'tags', mapping(about.tags)));
    text = ['# Written by sagemaker.MATLABEstimator. The kit''s docs/sagemaker-yml.md explains ' ...
            'all keys.' newline sagemaker.internal.yamlText(sections)];
    if about.serves && isempty(about.handler)
        text = [text newline 'inference: {} # the default handler' newline];
    end
end

function section = trainingOf(about)
    section = [];
    if isempty(about.function)
        return
    end
    spot = sagemaker.internal.entries('max_wait', timeOf(about.maxWaitTime));
    section = sagemaker.internal.entries( ...
        'function', about.function, ...
        'code', 'code', ...
        'channels', mapping(about.channels), ...
        'hyperparameters', mapping(about.hyperparameters), ...
        'environment', mapping(about.environment), ...
        'image', about.image, ...
        'instance_type', about.instanceType, ...
        'instance_count', about.instanceCount, ...
        'max_runtime', timeOf(about.maxRunTime), ...
        'spot', spot, ...
        'metrics', mapping(about.metrics));
end

function section = inferenceOf(about)
    section = [];
    if about.serves && ~isempty(about.handler)
        code = 'inference';
        if strncmp(about.handler, 'sagemaker_inference.', 20)  % the kit's own
            code = '';
        end
        section = sagemaker.internal.entries('handler', about.handler, 'code', code);
    end
end

function section = endpointOf(about)
    section = [];
    if about.serves
        section = sagemaker.internal.entries('name', about.endpoint, ...
                                             'instance_type', about.endpointType, ...
                                             'instance_count', about.endpointCount);
    end
end

function list = mapping(pairs)
    % Keep every key, even if its value is empty.
    list = struct('key', pairs(:, 1)', 'value', pairs(:, 2)');
end

function text = timeOf(count)
    % Seconds in the largest unit that fits: 900 is 15m.
    text = count;
    units = {86400, 'd'; 3600, 'h'; 60, 'm'};
    for k = 1:size(units, 1)
        if ~isempty(count) && mod(count, units{k, 1}) == 0
            text = sprintf('%d%s', count / units{k, 1}, units{k, 2});
            return
        end
    end
end
