function text = deployNeeds(engine, has)
%DEPLOYNEEDS  What deploy may need on this machine that is not there; '' where nothing is missing.
%   ENGINE is matlab or octave. HAS(NAME) says whether there is 'compiler' (MATLAB Compiler SDK) or
%   'docker'; the default looks. With octave nothing is needed. Which handler it will be is not
%   known yet: whether its image is there, deploy finds out.
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
                        'It can serve with a handler that a workflow has compiled: ' ...
                        'writeProject, then `scripts/run init --workflows`, make a repository ' ...
                        'of this. Or install what is missing.\n'], ...
                       strjoin(needed(isMissing, 2)', ' and no '));
    end
end

function tf = isHere(name)
    if strcmp(name, 'compiler')
        tf = ~isempty(which('compiler.build.productionServerArchive'));
        return
    end
    [code, output] = system('docker version 2>&1');
    tf = code == 0;
end
