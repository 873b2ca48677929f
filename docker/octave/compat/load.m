function varargout = load(file, varargin)
%LOAD  Octave's load, which here also finds NAME.mat if NAME is given. Octave only.
    file = char(file);
    if ~isfile(file) && isfile([file '.mat'])
        file = [file '.mat'];
    end
    if nargout > 0
        varargout{1} = builtin('load', file, varargin{:});
    else
        evalin('caller', octave_compat.builtinCall('load', [{file}, varargin]));
    end
end
