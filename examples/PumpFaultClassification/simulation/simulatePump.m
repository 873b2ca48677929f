function [flow, pressure] = simulatePump(faults, seed)
%SIMULATEPUMP  Flow and pressure at the outlet of a triplex pump with an electric motor.
%   [FLOW, PRESSURE] = simulatePump(FAULTS, SEED) simulates N runs at the same time. Each is one
%   second long and begins after the start of the pump has settled. FAULTS is a struct with three
%   fields, each 1 x N, from 0 (no fault) to 1:
%       Leak     - leak in cylinder 1; 1 is an eighth of the flow
%       Blocked  - blocked inlet: the share of each stroke without liquid; 1 is a third
%       Friction - more friction in the crank bearing; 1 is half of the torque of the pump
%   FLOW (l/min) and PRESSURE (bar) are 1000 x N, sampled at 1 kHz, with sensor noise. The runs
%   differ a little in supply frequency and throttle. SEED is a whole number; the same seed gives
%   the same numbers, in MATLAB and in GNU Octave.
%
%   The model: three plungers on one crank, 120 degrees apart, pump into a volume with a throttle at
%   its outlet. An induction motor turns the crank against pressure and friction.
%   See also pumpFeatures, writePumpData.
    step = 0.5e-3;  % s
    skipped = 1000;  % steps until the start has settled
    count = numel(faults.Leak);
    [spread, next] = normals(2, count, firstSeeds(seed, count));
    pump = pumpOf(spread);
    angle = repmat(2 * pi * [0; 1; 2] / 3, 1, count);
    speed = 99 * ones(1, count);  % rad/s
    outlet = 7e6 * ones(1, count);  % Pa
    flow = zeros(1000, count);
    pressure = flow;
    for k = 1:skipped + 2000
        [delivered, torque] = strokes(angle, speed, outlet, faults, pump);
        through = pump.Throttle .* sqrt(max(outlet, 0));
        outlet = outlet + step * (delivered - through) / pump.Capacity;
        driving = pump.MotorSlope * (pump.Synchronous - speed);
        speed = speed + step * (driving - torque - 13.5 * faults.Friction) / pump.Inertia;
        angle = angle + step * [speed; speed; speed];
        if k > skipped && mod(k, 2) == 0
            flow((k - skipped) / 2, :) = through * 6e4;
            pressure((k - skipped) / 2, :) = outlet / 1e5;
        end
    end
    [noise, next] = normals(1000, count, next);
    flow = flow + 0.05 * noise;
    pressure = pressure + 0.3 * normals(1000, count, next);
end

function pump = pumpOf(spread)
    % Constants of the pump in SI units. SPREAD (2 x N) makes the runs differ.
    pump = struct('Area', 2e-4, 'Crank', 0.02, 'Rod', 0.1, 'Capacity', 1.4e-13, ...
                  'MotorSlope', 5, 'Inertia', 0.05, 'Leak', 5.4e-8);
    pump.Synchronous = 2 * pi * 1000 / 60 * (1 + 0.001 * spread(1, :));
    pump.Throttle = 1.44e-7 * (1 + 0.005 * spread(2, :));
end

function [delivered, torque] = strokes(angle, speed, outlet, faults, pump)
    % Flow of the three plungers (m3/s) and the torque that they need (N m).
    ratio = pump.Crank / pump.Rod;
    lever = pump.Crank * (sin(angle) + ratio / 2 * sin(2 * angle));
    travelled = (1 - cos(angle)) / 2;
    empty = faults.Blocked([1, 1, 1], :) / 3;
    isDelivering = lever > 0 & travelled > empty;
    flows = pump.Area * lever .* speed([1, 1, 1], :) .* isDelivering;
    torque = sum(pump.Area * lever .* outlet([1, 1, 1], :) .* isDelivering, 1);
    leaking = faults.Leak .* sqrt(max(outlet, 0)) * pump.Leak;
    flows(1, :) = max(flows(1, :) - leaking, 0);
    delivered = sum(flows, 1);
end

function seeds = firstSeeds(seed, count)
    % Seeds of the runs, far from each other even if SEED differs by one.
    seeds = mod((seed * 7919 + (1:count)) * 104729, 2147483646) + 1;
    for k = 1:10
        seeds = mod(16807 * seeds, 2147483647);
    end
end

function [values, seeds] = normals(rows, count, seeds)
    % ROWS x COUNT normal numbers by Box and Muller, from Park and Miller's generator, with one
    % stream for each column. rand gives different numbers in MATLAB and Octave.
    uniform = zeros(2 * rows, count);
    for k = 1:2 * rows
        seeds = mod(16807 * seeds, 2147483647);
        uniform(k, :) = seeds / 2147483647;
    end
    values = sqrt(-2 * log(uniform(1:rows, :))) .* cos(2 * pi * uniform(rows + 1:end, :));
end
