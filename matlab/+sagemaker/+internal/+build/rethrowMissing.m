function rethrowMissing(err)
%RETHROWMISSING  Tell of a missing product where ERR means that; raise any other error as it is.
    isUndefined = ~isempty(regexpi(err.identifier, ':undefined', 'once'));
    if isUndefined && ~isempty(strfind(err.message, 'compiler'))
        error('sagemaker:build:compiler', ...
              ['MATLAB Compiler SDK is not installed here, or has no licence: %s\n' ...
               'Compile on a machine that has MATLAB Compiler and MATLAB Compiler SDK.'], ...
              err.message);
    end
    rethrow(err);
end
