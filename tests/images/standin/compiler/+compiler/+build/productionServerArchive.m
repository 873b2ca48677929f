function results = productionServerArchive(entryFile, varargin)
%PRODUCTIONSERVERARCHIVE  Stands in for MATLAB Compiler SDK: the "compiled" archive is a tar.
%   It holds the entry function, and each of AdditionalFiles by its own name. As MATLAB's compiler,
%   it refuses what it cannot parse.
    options = struct();
    for k = 1:2:numel(varargin)
        options.(varargin{k}) = varargin{k + 1};
    end
    archive = fullfile(options.OutputDir, [options.ArchiveName '.ctf']);
    members = [{entryFile}, options.AdditionalFiles];
    cellfun(@parse, options.AdditionalFiles);
    words = cell(1, numel(members));
    for k = 1:numel(members)
        [folder, name, extension] = fileparts(members{k});
        words{k} = sprintf('-C ''%s'' ''%s''', folder, [name extension]);
    end
    run(sprintf('tar -cf ''%s'' %s', archive, strjoin(words, ' ')));
    results = struct('Files', {{archive}});
end

function parse(folder)
    files = dir(fullfile(folder, '*.m'));
    for k = 1:numel(files)
        __parse_file__(fullfile(folder, files(k).name));
    end
end

function run(command)
    status = system(command);
    if status ~= 0
        error('standin:compiler', 'exit code %d: %s', status, command);
    end
end
