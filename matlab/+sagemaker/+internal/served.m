function about = served(about, endpoint, how)
%SERVED  Add an endpoint to ABOUT.
%   ABOUT = served(ABOUT, ENDPOINT, HOW): ENDPOINT is its name. HOW is {role, count, type} or the
%   first of these: the role that it runs with ('' is the kit's), and its instances, by default one
%   ml.m5.large.
    how = [how, cell(1, 3 - numel(how))];
    sagemaker.internal.requireCount('instanceCount', how{2});
    about.serves = true;
    about.servingRole = ...
        sagemaker.internal.requireText('role', how{1}, '.', 'a name or ARN, or ''''');
    about.endpoint = endpoint;
    about.endpointCount = how{2};
    about.endpointType = sagemaker.internal.requireText( ...
        'instanceType', how{3}, '^ml\.', 'an instance type, such as ''ml.m5.large''');
end
