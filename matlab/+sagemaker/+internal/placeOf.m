function [root, place] = placeOf(file)
%PLACEOF  Split a file name into a folder of the path and the place of the file below it.
%   [ROOT, PLACE] = placeOf(FILE) keeps package, class and private folders in PLACE: for
%   /home/me/+pump/private/f.m ROOT is /home/me and PLACE is +pump/private/f.m.
    [root, name, extension] = fileparts(file);
    place = [name extension];
    while true
        [above, inner, more] = fileparts(root);
        inner = [inner more];
        if isempty(inner) || ~(any(inner(1) == '+@') || strcmp(inner, 'private'))
            return
        end
        root = above;
        place = [inner '/' place];
    end
end
