function copyWhole(source, target)
%COPYWHOLE  Copy a file, or a folder with everything in it, whatever characters the name has.
%   copyWhole(SOURCE, TARGET): a file is copied into the folder TARGET, or becomes the file TARGET.
%   A folder becomes TARGET, which must be new; <folder>/. is copied into TARGET. A link is copied
%   as the file that it points to. Octave's copyfile cannot be used: it takes [ and * as patterns.
%   Raises sagemaker:input:copy.
    folder = fileparts(target);
    if ~isempty(folder) && ~isfolder(folder)
        mkdir(folder);
    end
    words = {'cp', '-RL', '--', source, target};
    line = sagemaker.internal.commandLine(sagemaker.internal.withoutLibraries(words));
    [code, said] = sagemaker.internal.shell([line ' 2>&1']);
    if code ~= 0
        error('sagemaker:input:copy', ...
              'Cannot copy %s: %s. Check that it can be read and that the disk is not full.', ...
              source, strtrim(said));
    end
end
