function code = runPython(words)
%RUNPYTHON  Run the system's Python with arguments, a 1 x n cell of texts; what it says is shown.
%   CODE is its exit code.
    program = 'python3';
    if ispc()
        program = 'python';
    end
    words = sagemaker.internal.withoutLibraries([{program}, words]);
    code = system(sagemaker.internal.commandLine(words));
end
