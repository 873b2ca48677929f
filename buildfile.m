function plan = buildfile
%BUILDFILE  Tasks for the kit's MATLAB code: buildtool check, test or package.
%   check   - run the Code Analyzer on all MATLAB code; an error fails, the rest is only shown
%   test    - run the tests in tests/matlab, which also run on GNU Octave
%   package - write matlab-sagemaker.mltbx, with the MATLAB code and the Python that it runs
%   buildtool without a task runs check and test. Only MATLAB can run this file.
%
%   Example: buildtool package
    plan = buildplan(localfunctions);
    plan("package").Dependencies = ["check", "test"];
    plan.DefaultTasks = ["check", "test"];
end

function checkTask(context)
    % Run the Code Analyzer
    folders = fullfile(context.Plan.RootFolder, ["matlab", "examples", "docker/training"]);
    found = codeIssues(folders).Issues;
    disp(found)
    if any(found.Severity == "error")
        error("sagemaker:build:codeIssues", ...
              "The Code Analyzer found %d errors. Correct the ones in the table above.", ...
              nnz(found.Severity == "error"));
    end
end

function testTask(context)
    % Run the tests in tests/matlab
    before = addpath(fullfile(context.Plan.RootFolder, "tests", "matlab"));
    restore = onCleanup(@() path(before));
    assertSuccess(runAllTests());
end

function packageTask(context)
    % Write matlab-sagemaker.mltbx
    root = context.Plan.RootFolder;
    contents = string(fileread(fullfile(root, "matlab", "+sagemaker", "Contents.m")));
    options = matlab.addons.toolbox.ToolboxOptions(root, "7c1d5f0e-52f2-4d4e-9f54-1f8f6f1f6c3a");
    options.ToolboxName = "matlab-sagemaker";
    options.ToolboxVersion = extractBetween(contents, "% Version ", " ");
    options.Summary = "Train and deploy MATLAB models on Amazon SageMaker";
    % The classes run the kit's Python, which builds images from the folders docker and matlab.
    parts = ["action", "docker", "docs", "examples", "locks", "matlab", "scripts", ...
             "LICENSE", "README.md"];
    options.ToolboxFiles = fullfile(root, parts);
    options.ToolboxMatlabPath = fullfile(root, "matlab");
    options.MinimumMatlabRelease = "R2023a";
    options.OutputFile = fullfile(root, "matlab-sagemaker.mltbx");
    matlab.addons.toolbox.packageToolbox(options);
end
