function text = deployNeeds(engine, has)
%DEPLOYNEEDS  Warn if this machine cannot compile a handler for deploy; '' if it can.
%   TEXT = deployNeeds(ENGINE, HAS): ENGINE is 'matlab' or 'octave'; octave needs nothing. HAS(NAME)
%   says whether this machine has 'compiler' (MATLAB Compiler SDK) or 'docker'; the default looks
%   for it. The handler is not known yet: deploy finds out whether its image exists already.
    text = '';
    if ~strcmp(engine, 'matlab')
        return
    end
    if nargin < 2
        has = @(name) isHere(name);
    end
    needed = {'compiler', 'MATLAB Compiler SDK'; 'docker', 'Docker'};
    isMissing = cellfun(@(name) ~has(name), needed(:, 1));
    if any(isMissing)
        text = sprintf(['deploy cannot compile a handler on this machine: it has no %s.\n' ...
                        'Install it, or let a workflow on GitHub compile the handler: ' ...
                        'writeProject and sagemaker.init make a repository of this ' ...
                        'training.\n'], ...
                       strjoin(needed(isMissing, 2)', ' and no '));
    end
end

function tf = isHere(name)
    if strcmp(name, 'compiler')
        tf = ~isempty(which('compiler.build.productionServerArchive'));
        return
    end
    [code, output] = sagemaker.internal.shell('docker version 2>&1');
    tf = code == 0;
end
