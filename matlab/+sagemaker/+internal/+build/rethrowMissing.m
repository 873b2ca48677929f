function rethrowMissing(err)
%RETHROWMISSING  Raise sagemaker:build:compiler if ERR means a missing product; else rethrow ERR.
    isUndefined = ~isempty(regexpi(err.identifier, ':undefined', 'once'));
    if isUndefined && ~isempty(strfind(err.message, 'compiler'))
        error('sagemaker:build:compiler', ...
              ['MATLAB Compiler SDK is not installed here, or has no licence: %s\n' ...
               'Compile on a machine with MATLAB Compiler and MATLAB Compiler SDK.'], ...
              err.message);
    end
    rethrow(err);
end
