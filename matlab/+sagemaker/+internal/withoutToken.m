function [variables, token] = withoutToken(variables, stores)
%WITHOUTTOKEN  The VARIABLES of a job as an n x 2 cell, without MATLAB's batch token.
%   A job's variables are shown to all who may look at it. TOKEN is what is to be stored: '' unless
%   STORES; then both ways to give the token to the job are said.
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
        fprintf(['MLM_LICENSE_TOKEN is not sent: all who may look at a job would see it. A job ' ...
                 'gets it from Secrets Manager. Put it there with ''StoreToken'', true, or by ' ...
                 'aws secretsmanager put-secret-value ' ...
                 '--secret-id matlab-sagemaker-batch-token --secret-string file://token.txt\n']);
    end
end
