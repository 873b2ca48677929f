function init(folder, varargin)
%INIT  Write sagemaker.yml and the workflows into your repository.
%   sagemaker.init(FOLDER) finds out what it can about the code in FOLDER, your Git repository, and
%   writes sagemaker.yml and the workflows that train, deploy and operate. If FOLDER has a
%   sagemaker.yml, such as that of writeProject, it writes only the workflows.
%   sagemaker.init(FOLDER, NAME, VALUE, ...) sets options of `scripts/run init`, whose --help lists
%   them: each a text, or true or false for one without a value. For example:
%       'Region' - AWS Region.
%       'Kit'    - repository of the kit on GitHub, such as 'your-org/matlab-sagemaker'.
%       'DryRun' - true: show the files and write nothing.
%       'Force'  - true: replace files that differ.
%       'Runner' - for tests: as for sagemaker.doctor.
%   Raises sagemaker:init:failed if it did not finish; the lines before the error say why.
%
%   Example:
%       estimator.writeProject('../flowers', 'FlowerHandler');
%       sagemaker.init('../flowers', 'Kit', 'your-org/matlab-sagemaker')
%
%   See also sagemaker.MATLABEstimator, sagemaker.check, sagemaker.doctor.
    sagemaker.internal.requireArguments(nargin, 'init(folder)');
    own = struct('Runner', @sagemaker.internal.runKit);
    [own, pairs] = sagemaker.internal.options(own, varargin, 'init');
    off = 2 * find(cellfun(@(value) islogical(value) && isequal(value, false), pairs(2:2:end)));
    pairs([off - 1, off]) = [];
    on = 2 * find(cellfun(@(value) islogical(value) && isequal(value, true), pairs(2:2:end)));
    pairs(on) = {''};
    given = sagemaker.internal.verbOptions(pairs, 'init');
    options = {'--folder', char(folder), '--yes'};
    if isfile(fullfile(char(folder), 'sagemaker.yml'))
        options{end + 1} = '--workflows';
    end
    given(on) = [];
    options = [options, given];
    code = own.Runner('init', options);
    if code == 0 && ~any(strcmp(options, '--dry-run'))
        fprintf(['In MATLAB or Octave, with %s as the current folder, you can call ' ...
                 'sagemaker.rehearse instead of the command rehearse, and sagemaker.doctor ' ...
                 'instead of doctor.\n'], ...
                char(folder));
    end
    if code ~= 0
        error('sagemaker:init:failed', ...
              ['init did not finish (exit code %d). The lines above say why; correct that and ' ...
               'call sagemaker.init again.'], code);
    end
end
