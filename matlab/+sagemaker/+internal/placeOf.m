function [root, place] = placeOf(file)
%PLACEOF  Where FILE belongs below a folder on the path: in its packages, class or private folders.
%   For /home/me/+pump/private/f.m ROOT is /home/me, and PLACE +pump/private/f.m.
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
