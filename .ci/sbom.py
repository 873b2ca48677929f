"""Writes the SBOM of a release's third-party packages, in CycloneDX 1.6 (JSON).

These are the packages in the locks that users install, and those in the images' requirements.
Source: https://cyclonedx.org/docs/1.6/json/
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import osv

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("locks/runtime.txt", "locks/local.txt", "locks/uv.txt", "docker/")


def main(tag: str, repository: str, commit: str) -> None:
    """Write the SBOM of a tag, at a commit of `repository` (owner/name), to standard output."""
    json.dump(sbom(tag, repository, commit), sys.stdout, indent=2)
    sys.stdout.write("\n")


def sbom(tag: str, repository: str, commit: str) -> dict[str, Any]:
    """Return the SBOM, which is always the same for the same commit."""
    purl = f"pkg:github/{repository}@{commit}"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, purl)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": purl,
                "name": "matlab-sagemaker",
                "version": tag.removeprefix("v"),
                "purl": purl,
            }
        },
        "components": components(),
    }


def components() -> list[dict[str, Any]]:
    """Return each shipped package with the files that lock it."""
    found = []
    for (name, version), places in sorted(osv.locked(ROOT).items()):
        files = [file for file, _ in places if file.startswith(SHIPPED)]
        purl = f"pkg:pypi/{name}@{version}"
        about = {"type": "library", "bom-ref": purl, "name": name, "version": version}
        locks = [{"name": "matlab-sagemaker:lock", "value": file} for file in files]
        found += [{**about, "purl": purl, "properties": locks}] if files else []
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
