function [variables, token] = withoutToken(variables, stores, secret)
%WITHOUTTOKEN  Environment variables of a job as an n x 2 cell, without MATLAB's batch token.
%   Everyone who may describe a job sees its variables. If STORES, TOKEN is the token, for Secrets
%   Manager; else TOKEN is '', and a message says how to store it there, as SECRET.
    token = '';
    variables = sagemaker.internal.pairsOf(variables, 'Environment');
    isToken = strcmp(variables(:, 1), 'MLM_LICENSE_TOKEN');
    if ~any(isToken)
        return
    end
    found = variables{find(isToken, 1), 2};
    variables(isToken, :) = [];
    if stores
        token = found;
    else
        fprintf(['MLM_LICENSE_TOKEN is not sent with the job, because everyone who may ' ...
                 'describe the job would see it. The job reads it from AWS Secrets Manager. ' ...
                 'Store it there with ''StoreToken'', true, or with the command ' ...
                 'aws secretsmanager put-secret-value ' ...
                 '--secret-id %s --secret-string file://token.txt\n'], secret);
    end
end
