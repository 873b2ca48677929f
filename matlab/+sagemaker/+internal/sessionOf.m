function [session, pairs] = sessionOf(given)
%SESSIONOF  The session of a call, by default sagemaker.Session(), and the options after it.
%   [SESSION, PAIRS] = sessionOf(GIVEN): GIVEN is a cell with the session, if there is one, and with
%   options as name-value pairs. Raises sagemaker:input:session.
    isName = ~isempty(given) && ischar(sagemaker.internal.plain(given{1}));
    if isempty(given) || (isName && mod(numel(given), 2) == 0)
        given = [{sagemaker.Session()}, given];
    end
    session = sagemaker.internal.plain(given{1});
    if ischar(session)
        sagemaker.internal.refuse('Session', session, sprintf( ...
            ['a sagemaker.Session, such as sagemaker.Session(). If ''%s'' belongs to an ' ...
             'option, its name may be misspelt or its value missing'], session));
    end
    sagemaker.internal.requireSession(session);
    pairs = given(2:end);
end
