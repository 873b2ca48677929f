function writePumpData()
%WRITEPUMPDATA  Simulate and write the data of this example: 480 runs, a quarter of them held out.
%   writePumpData() writes data/training/pump.csv (360 runs), data/holdout/pump.csv (120 runs), and
%   requests/eight_runs.csv with one held-out run of each fault code. It writes the same numbers
%   each time. The answers in requests/expected.csv are not written.
%   See also pumpRuns.
    root = fileparts(fileparts(mfilename('fullpath')));
    T = pumpRuns(60, 2026);
    turn = ceil((1:height(T)) / 8);  % each turn has one run of each code
    isHeldOut = mod(turn, 4) == 0;
    writetable(T(~isHeldOut, :), fullfile(root, 'data', 'training', 'pump.csv'));
    writetable(T(isHeldOut, :), fullfile(root, 'data', 'holdout', 'pump.csv'));
    request = T(turn == 48, 2:end);
    writetable(request, fullfile(root, 'requests', 'eight_runs.csv'));
end
