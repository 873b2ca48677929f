function index = columnIndex(names, which)
%COLUMNINDEX  Column numbers of names, numbers, a logical mask or ':'.
    if ischar(which) && strcmp(which, ':')
        index = 1:numel(names);
    elseif ischar(which) && any(strcmp(which, names))
        index = find(strcmp(which, names));
    elseif ischar(which) || iscellstr(which)
        [found, index] = ismember(cellstr(which), names);
        if ~all(found)
            which = cellstr(which);
            error('MATLAB:table:UnrecognizedVarName', ...
                  'There is no table variable ''%s''. The variables are: %s.', ...
                  which{find(~found, 1)}, strjoin(names, ', '));
        end
    elseif islogical(which)
        index = find(which);
    else
        index = which;
    end
    if any(index > numel(names))
        error('MATLAB:table:VarIndexOutOfRange', 'There is no variable %d; the table has %d.', ...
              max(index), numel(names));
    end
end
