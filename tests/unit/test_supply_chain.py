"""Known vulnerabilities of locked packages, the SBOM of a release, and code owners."""

import http.server
import json
import runpy
import subprocess
import sys
import threading

import pytest

from helpers.kit.paths import KIT

sys.path.append(str(KIT / ".ci"))
OSV = runpy.run_path(str(KIT / ".ci/osv.py"))
SBOM = runpy.run_path(str(KIT / ".ci/sbom.py"))


class Osv(http.server.BaseHTTPRequestHandler):
    """OSV's querybatch, which knows a vulnerability of one package."""

    known = ("moto", "GHSA-0000-0000-0000")

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        assert {query["package"]["ecosystem"] for query in asked} == {"PyPI"}
        name, ident = self.known
        results = [
            {"vulns": [{"id": ident}]} if query["package"]["name"] == name else {}
            for query in asked
        ]
        body = json.dumps({"results": results}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Log nothing."""


@pytest.fixture
def api():
    with http.server.HTTPServer(("127.0.0.1", 0), Osv) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/querybatch"
        server.shutdown()


def check(api, capsys):
    with pytest.raises(SystemExit) as ended:
        OSV["main"](api)
    return ended.value.code, capsys.readouterr().out


def test_a_known_vulnerability_is_told_at_each_line_that_locks_the_package(api, capsys):
    code, said = check(api, capsys)
    assert code == 1
    assert "::error file=locks/local.txt,line=" in said
    assert "https://osv.dev/vulnerability/GHSA-0000-0000-0000" in said
    assert said.endswith(" 1 known vulnerabilities\n")


def test_what_is_accepted_is_no_error(api, capsys, monkeypatch):
    monkeypatch.setitem(OSV["ACCEPTED"], "GHSA-0000-0000-0000", "the kit never calls it")
    code, said = check(api, capsys)
    assert (code, said.count("::error")) == (0, 0)


def test_every_pin_of_every_lock_is_asked_about():
    pins = OSV["locked"](KIT)
    files = {file for places in pins.values() for file, _ in places}
    locks = {*KIT.glob("locks/*.txt"), *KIT.glob("docker/*/requirements.txt")}
    assert files == {file.relative_to(KIT).as_posix() for file in locks}
    wanted = sum(file.read_text().count("==") for file in locks)
    pinned = sum(len(places) for places in pins.values())
    assert pinned <= wanted  # a marker may have one, too
    assert pinned == sum(
        not line.startswith((" ", "#", "--")) for f in locks for line in f.read_text().splitlines()
    )


def test_an_sbom_names_what_is_shipped_and_what_locks_it():
    sbom = SBOM["sbom"]("v1.2.3", "acme/kit", "a" * 40)
    # How actions/attest recognizes CycloneDX.
    assert sbom["bomFormat"] == "CycloneDX"
    assert sbom["specVersion"] == "1.6"
    assert sbom["serialNumber"].startswith("urn:uuid:")
    assert sbom["metadata"]["component"]["version"] == "1.2.3"
    locks = {each["name"]: {p["value"] for p in each["properties"]} for each in sbom["components"]}
    assert "locks/runtime.txt" in locks["boto3"]
    assert "docker/octave/requirements.txt" in locks["uvicorn"] | locks["click"]
    assert "mypy" not in locks, "only people who change the kit install it"
    purls = [each["purl"] for each in sbom["components"]]
    assert len(purls) == len(set(purls))


def test_the_same_commit_has_the_same_sbom():
    first, again = (SBOM["sbom"]("v1.2.3", "acme/kit", "a" * 40) for _ in range(2))
    assert first == again != SBOM["sbom"]("v1.2.3", "acme/kit", "b" * 40)


def test_each_path_that_has_an_owner_exists():
    lines = (KIT / ".github/CODEOWNERS").read_text().splitlines()
    owned = [line.split()[0] for line in lines if line and not line.startswith("#")]
    assert owned[0] == "*", "every file has an owner; a later line counts before an earlier one"
    assert {"/.github/", "/locks/", "/scripts/setup/"} <= set(owned)
    assert [path for path in owned[1:] if not (KIT / path.strip("/")).exists()] == []


@pytest.mark.parametrize(("schema", "names"), [("forms", "[!c]*.yml"), ("config", "config.yml")])
def test_github_takes_the_issue_templates(schema, names):
    files = [*KIT.glob(f".github/ISSUE_TEMPLATE/{names}")]
    assert files
    check = [sys.executable, "-m", "check_jsonschema", "-q"]
    command = [*check, "--builtin-schema", f"vendor.github-issue-{schema}", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
