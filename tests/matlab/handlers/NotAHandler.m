classdef NotAHandler < handle
%NOTAHANDLER  A class that is not derived from the base handler.
end
