function route = routeOf(path, method)
%ROUTEOF  'ping' or 'invocations'. Raises sagemaker_inference:route:path or :method.
    path = regexprep(path, '\?.*$', '');
    switch path
        case '/ping'
            route = 'ping';
            allowed = 'GET';
        case '/invocations'
            route = 'invocations';
            allowed = 'POST';
        otherwise
            error('sagemaker_inference:route:path', ...
                  'There is nothing at %s. Use /ping or /invocations.', path);
    end
    if ~strcmpi(method, allowed)
        error('sagemaker_inference:route:method', '%s takes %s, not %s.', path, allowed, method);
    end
end
