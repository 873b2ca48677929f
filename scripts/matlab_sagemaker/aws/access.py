"""Who may pull: the login of an image's repository, where that is one of this account's ECR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matlab_sagemaker.aws import registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from matlab_sagemaker.aws.session import Aws


def login_of(connect: Callable[[], Aws]) -> Callable[[str], tuple[str, str] | None]:
    """Return a function from a repository (host/name) to user and password.

    It gives None for any repository that ECR does not call its own: nobody else gets the password.
    AWS is asked when the function is called, and not before.
    """

    def login(repository: str) -> tuple[str, str] | None:
        aws = connect()
        name = repository.partition("/")[2]
        ours = bool(name) and registry.find_repository(aws, name) == repository
        return registry.login(aws) if ours else None

    return login
