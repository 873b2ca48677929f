function results = productionServerArchive(entryFile, varargin)
%PRODUCTIONSERVERARCHIVE  Stand-in for MATLAB Compiler SDK: writes an archive that lists its inputs.
%   Like the compiler, it fails if an input does not exist. If STANDIN_REFUSES is set, it always
%   fails.
    options = struct();
    for k = 1:2:numel(varargin)
        options.(varargin{k}) = varargin{k + 1};
    end
    if ~isempty(getenv('STANDIN_REFUSES'))
        error('compiler:fake:refused', 'It does not compile.');
    end
    inputs = [{entryFile}, options.AdditionalFiles];
    for k = 1:numel(inputs)
        if ~exist(inputs{k}, 'file')
            error('compiler:fake:file', 'There is no %s.', inputs{k});
        end
    end
    archive = fullfile(options.OutputDir, [options.ArchiveName '.ctf']);
    hWriteText(archive, strjoin(inputs, sprintf('\n')));
    results = struct('Options', options, 'Files', {{archive}});
end
