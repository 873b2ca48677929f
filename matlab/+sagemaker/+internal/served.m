function about = served(about, role, endpoint, instances)
%SERVED  Let ABOUT have an endpoint of that name, whose instances run as ROLE ('' is the kit's).
%   INSTANCES is {count, type}, or less of it: the defaults are 1 and ml.m5.large.
    instances = [instances, cell(1, 2 - numel(instances))];
    sagemaker.internal.requireCount('instanceCount', instances{1});
    about.serves = true;
    about.servingRole = sagemaker.internal.requireText('role', role, '.', 'a name or ARN, or ''''');
    about.endpoint = endpoint;
    about.endpointCount = instances{1};
    about.endpointType = sagemaker.internal.requireText( ...
        'instanceType', instances{2}, '^ml\.', 'a type, such as ''ml.m5.large''');
end
