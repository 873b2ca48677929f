"""ECR's API for this registry, in place of moto's."""

from __future__ import annotations

import functools
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult
from moto.ecr import models, urls
from moto.ecr.responses import ECRResponse

from . import repository_policies
from .errors import LayersNotFoundException
from .registry import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from .store import Store

BLOBS = "/_ecr/blobs/"
"""Below this path, the gateway serves blobs by digest."""
_TOKEN_LIFE = timedelta(hours=12)


class Ecr(ECRResponse):
    """ECR with a login that Docker can use, if there is a registry that Docker can reach."""

    def get_authorization_token(self) -> ActionResult:
        """Return user and password for ``docker login``."""
        backend = self.ecr_backend
        login = backend.store.login if isinstance(backend, Registry) else None
        if login is None:
            return super().get_authorization_token()
        token = b64encode(f"AWS:{login.password}".encode()).decode()
        expires = datetime.now(timezone.utc) + _TOKEN_LIFE
        data = {
            "authorizationToken": token,
            "expiresAt": expires,
            "proxyEndpoint": login.endpoint,
        }
        return ActionResult({"authorizationData": [data]})

    def batch_get_image(self) -> ActionResult:
        """Return manifests, also from another account's repository."""
        backend = self._read("ecr:BatchGetImage")
        name, ids = self._get_param("repositoryName"), self._get_param("imageIds")
        return ActionResult(backend.batch_get_image(name, backend.account_id, ids))

    def get_download_url_for_layer(self) -> ActionResult:  # type: ignore[override] # not in moto
        """Return the address at which the gateway serves a blob of the repository."""
        backend = self._read("ecr:GetDownloadUrlForLayer")
        name, digest = self._get_param("repositoryName"), self._get_param("layerDigest")
        repository = backend._get_repository(name)  # noqa: SLF001 (moto itself does this)
        if digest not in repository.layers:
            raise LayersNotFoundException(f"The repository {name} has no layer {digest}.")
        url = f"http://{self.headers['host']}{BLOBS}{digest}"
        return ActionResult({"downloadUrl": url, "layerDigest": digest})

    def _read(self, action: str) -> models.ECRBackend:
        """Return the registry for a request: the caller's, or another that allows it to read."""
        owner = self._get_param("registryId") or self.current_account
        backend = models.ecr_backends[owner][self.region]
        name = self._get_param("repositoryName")
        repository_policies.require(backend, name, self.current_account, action)
        return backend


def install(store: Store, parts: Path) -> None:
    """Replace moto's registry by this one; call it before the server starts."""
    make: Any = functools.partial(Registry, store=store, parts=parts)
    models.ecr_backends.backend = make
    urls.url_paths["{0}/$"] = Ecr.dispatch
