"""Who may pull: the login of an image's repository, where that is one of this account's ECR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import registry, session

if TYPE_CHECKING:
    from collections.abc import Callable


def login_of(region: str) -> Callable[[str], tuple[str, str] | None]:
    """Return a function from a repository (host/name) to user and password.

    It gives None for any repository that ECR does not call its own: nobody else gets the password.
    AWS is asked when the function is called, and not before.
    """

    def login(repository: str) -> tuple[str, str] | None:
        aws = session.connect(region)
        name = repository.partition("/")[2]
        ours = bool(name) and registry.find_repository(aws, name) == repository
        return registry.login(aws) if ours else None

    return login
