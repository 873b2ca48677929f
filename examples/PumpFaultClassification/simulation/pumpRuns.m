function T = pumpRuns(count, seed)
%PUMPRUNS  Features and fault code of simulated runs: a table with one row a run.
%   T = pumpRuns(COUNT, SEED) has COUNT runs with each of the eight fault codes, in turns; its
%   first column is fault. L is a leak in a cylinder, I a blocked inlet, B more friction in the
%   bearing; LI, LB, IB and LIB are combinations, OK is none. How severe the faults are depends on
%   SEED, a whole number, as well.
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
