classdef DefaultTableHandler < sagemaker_inference.TableModelHandler
%DEFAULTTABLEHANDLER  What answers where sagemaker.yml names TableModelHandler and no code.
%   See also sagemaker_inference.TableModelHandler.
end
