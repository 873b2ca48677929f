function release = matlabRelease()
%MATLABRELEASE  Stand-in for MATLAB's: the release in STANDIN_RELEASE, or R2026a update 1.
    words = regexp(getenv('STANDIN_RELEASE'), '^(R\d+[ab])U(\d+)$', 'tokens', 'once');
    if isempty(words)
        words = {'R2026a', '1'};
    end
    release = struct('Release', words{1}, 'Update', str2double(words{2}));
end
