function about = served(about, role, endpoint, instances)
%SERVED  Add an endpoint to ABOUT.
%   ABOUT = served(ABOUT, ROLE, ENDPOINT, INSTANCES): ENDPOINT is its name, ROLE the role that it
%   runs with ('' is the kit's), INSTANCES {count, type} or fewer; the defaults are 1 and
%   ml.m5.large.
    instances = [instances, cell(1, 2 - numel(instances))];
    sagemaker.internal.requireCount('instanceCount', instances{1});
    about.serves = true;
    about.servingRole = sagemaker.internal.requireText('role', role, '.', 'a name or ARN, or ''''');
    about.endpoint = endpoint;
    about.endpointCount = instances{1};
    about.endpointType = sagemaker.internal.requireText( ...
        'instanceType', instances{2}, '^ml\.', 'an instance type, such as ''ml.m5.large''');
end
