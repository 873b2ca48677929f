function plan = buildfile
%BUILDFILE  What is done for the part that MATLAB runs: buildtool check, test, or package.
%   check   - the Code Analyzer over all code that MATLAB runs; an error in it fails, all else is
%             shown
%   test    - the tests of tests/matlab, which GNU Octave runs as well
%   package - matlab-sagemaker.mltbx, with the kit's Python beside its MATLAB code
%   Without a name, buildtool does check and test. Only MATLAB runs this file.
%
%   Example: buildtool package
    plan = buildplan(localfunctions);
    plan("package").Dependencies = ["check", "test"];
    plan.DefaultTasks = ["check", "test"];
end

function checkTask(context)
    % Code Analyzer
    folders = fullfile(context.Plan.RootFolder, ["matlab", "examples", "docker/training"]);
    found = codeIssues(folders).Issues;
    disp(found)
    if any(found.Severity == "error")
        error("sagemaker:build:codeIssues", ...
              "The Code Analyzer finds %d errors; they are in the table above.", ...
              nnz(found.Severity == "error"));
    end
end

function testTask(context)
    % tests/matlab
    before = addpath(fullfile(context.Plan.RootFolder, "tests", "matlab"));
    restore = onCleanup(@() path(before));
    assertSuccess(runAllTests());
end

function packageTask(context)
    % matlab-sagemaker.mltbx
    root = context.Plan.RootFolder;
    contents = string(fileread(fullfile(root, "matlab", "+sagemaker", "Contents.m")));
    options = matlab.addons.toolbox.ToolboxOptions(root, "7c1d5f0e-52f2-4d4e-9f54-1f8f6f1f6c3a");
    options.ToolboxName = "matlab-sagemaker";
    options.ToolboxVersion = extractBetween(contents, "% Version ", " ");
    options.Summary = "Train and deploy MATLAB models on Amazon SageMaker";
    % The classes run the kit's Python, which makes images of its docker and matlab folders.
    parts = ["action", "docker", "docs", "examples", "locks", "matlab", "scripts", ...
             "LICENSE", "README.md"];
    options.ToolboxFiles = fullfile(root, parts);
    options.ToolboxMatlabPath = fullfile(root, "matlab");
    options.MinimumMatlabRelease = "R2023a";
    options.OutputFile = fullfile(root, "matlab-sagemaker.mltbx");
    matlab.addons.toolbox.packageToolbox(options);
end
