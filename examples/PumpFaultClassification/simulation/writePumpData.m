function writePumpData()
%WRITEPUMPDATA  Write the data of this example anew: 480 runs, of which every fourth is held out.
%   writePumpData() writes data/training/pump.csv (360 runs), data/holdout/pump.csv (120) and the
%   request, one held-out run of each fault code, with its expected answer. The same numbers come
%   out each time.
%   See also pumpRuns.
    root = fileparts(fileparts(mfilename('fullpath')));
    T = pumpRuns(60, 2026);
    turn = ceil((1:height(T)) / 8);  % each turn has all eight codes
    isHeldOut = mod(turn, 4) == 0;
    writetable(T(~isHeldOut, :), fullfile(root, 'data', 'training', 'pump.csv'));
    writetable(T(isHeldOut, :), fullfile(root, 'data', 'holdout', 'pump.csv'));
    request = T(turn == 48, 2:end);
    writetable(request, fullfile(root, 'requests', 'eight_runs.csv'));
end
