classdef DefaultHandler < sagemaker_inference.DefaultInferenceHandler
%DEFAULTHANDLER  Handler of an endpoint whose sagemaker.yml names none.
%   See also sagemaker_inference.DefaultInferenceHandler.
end
