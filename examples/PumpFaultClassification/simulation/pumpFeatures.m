function T = pumpFeatures(flow, pressure)
%PUMPFEATURES  Features of the signals of pump runs: a table with one row for each run.
%   T = pumpFeatures(FLOW, PRESSURE) takes the signals of simulatePump, samples x runs at 1 kHz:
%       <signal>_stats/Data_Mean, Data_Std, Data_Skewness, Data_Kurtosis, Data_PeakToPeak
%       flow_spectrum/Data_Peak1X, Data_Peak3X, Data_Peak6X - the highest amplitude (l/min) near
%           once, three times and six times the frequency of the crank
%       flow_spectrum/Data_Frequency - six times the frequency of the crank (Hz)
%   Values have six significant digits.
%   See also simulatePump.
    [values, names] = statistics('flow_stats', flow);
    [more, moreNames] = statistics('pressure_stats', pressure);
    [peaks, peakNames] = spectrum(flow);
    values = sixDigits([values, more, peaks]);
    columns = num2cell(values, 1);
    T = table(columns{:}, 'VariableNames', [names, moreNames, peakNames]);
end

function [values, names] = statistics(group, signal)
    % Runs x 5.
    middle = mean(signal, 1);
    spread = std(signal, 1, 1);
    scaled = (signal - middle) ./ spread;
    values = [middle; spread; mean(scaled .^ 3, 1); mean(scaled .^ 4, 1); ...
              max(signal, [], 1) - min(signal, [], 1)]';
    names = strcat(group, '/Data_', {'Mean', 'Std', 'Skewness', 'Kurtosis', 'PeakToPeak'});
end

function [values, names] = spectrum(signal)
    % Runs x 4; amplitudes with a Hann window, whose mean is one half.
    count = size(signal, 1);
    window = 0.5 - 0.5 * cos(2 * pi * (0:count - 1)' / count);
    amplitude = 4 / count * abs(fft((signal - mean(signal, 1)) .* window));
    hertz = @(from, to) (from:to) + 1;  % the signal is one second long: bins of 1 Hz
    values = [max(amplitude(hertz(12, 20), :), [], 1); max(amplitude(hertz(42, 54), :), [], 1); ...
              max(amplitude(hertz(86, 104), :), [], 1); ...
              sum((86:104)' .* amplitude(hertz(86, 104), :) .^ 2, 1) ./ ...
              sum(amplitude(hertz(86, 104), :) .^ 2, 1)]';
    names = strcat('flow_spectrum/Data_', {'Peak1X', 'Peak3X', 'Peak6X', 'Frequency'});
end

function values = sixDigits(values)
    values = reshape(sscanf(sprintf('%.6g ', values), '%f'), size(values));
end
