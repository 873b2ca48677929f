function T = pumpRuns(count, seed)
%PUMPRUNS  Features and fault codes of simulated runs: a table with one row for each run.
%   T = pumpRuns(COUNT, SEED) has COUNT runs of each of the eight fault codes, in turn. The first
%   column is fault: L is a leak in a cylinder, I a blocked inlet, B more friction in the bearing;
%   LI, LB, IB and LIB are combinations, and OK is no fault. SEED, a whole number, also changes how
%   severe the faults are.
%   See also simulatePump, pumpFeatures, writePumpData.
    codes = {'OK', 'L', 'I', 'B', 'LI', 'LB', 'IB', 'LIB'};
    runs = 8 * count;
    fault = repmat(codes, 1, count);
    severity = @(letter, stride) ~cellfun('isempty', strfind(fault, letter)) .* ...
        (0.35 + 0.65 * mod((1:runs) * stride + seed, 101) / 100);
    faults = struct('Leak', severity('L', 17), 'Blocked', severity('I', 29), ...
                    'Friction', severity('B', 43));
    [flow, pressure] = simulatePump(faults, seed);
    T = [table(fault(:), 'VariableNames', {'fault'}), pumpFeatures(flow, pressure)];
end
