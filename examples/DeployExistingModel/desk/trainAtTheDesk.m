function model = trainAtTheDesk(file)
%TRAINATTHEDESK  Fit a linear discriminant to Fisher's iris and save it as models/discriminant.mat.
%   MODEL = trainAtTheDesk() calls fitcdiscr with data/iris.csv of this example and saves the
%   variable model. MODEL = trainAtTheDesk(FILE) saves it to FILE.
%
%   MODEL is a struct, because MATLAB and GNU Octave can both load a struct. An object of a toolbox
%   class can be loaded only by the one that has saved it. The fields are
%       PredictorNames - 1 x 4 cell
%       ResponseName   - 'species'
%       ClassNames     - 3 x 1 cell
%       Mu             - classes x predictors: means
%       Sigma          - predictors x predictors: covariance within the classes
%       Prior          - 1 x classes: probabilities
%   See also DiscriminantInferenceHandler.
    root = fileparts(fileparts(mfilename('fullpath')));
    if nargin < 1
        file = fullfile(root, 'models', 'discriminant.mat');
    end
    fitted = fitcdiscr(readtable(fullfile(root, 'data', 'iris.csv')), 'species');
    fprintf('resubstitution accuracy: %.4f\n', 1 - resubLoss(fitted));
    model = struct('PredictorNames', {fitted.PredictorNames(:)'}, ...
                   'ResponseName', fitted.ResponseName, ...
                   'ClassNames', {cellstr(fitted.ClassNames)}, ...
                   'Mu', fitted.Mu, ...
                   'Sigma', fitted.Sigma, ...
                   'Prior', fitted.Prior(:)');
    save(file, 'model', '-v7');
end
