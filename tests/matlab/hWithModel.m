function handler = hWithModel(inner, model)
%HWITHMODEL  The handler INNER with MODEL instead of model.mat: Octave cannot save handles.
    handler = ModelHandler();
    handler.Inner = inner;
    handler.Given = model;
end
