function name = engine()
%ENGINE  What runs this session, as matlab.engine of sagemaker.yml names it: matlab or octave.
    name = 'matlab';
    if isempty(version('-release'))  % only MATLAB has one
        name = 'octave';
    end
end
