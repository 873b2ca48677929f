"""The verbs whose own tests are slow, once each and as a user runs them."""

import json


def test_a_model_is_tried_deployed_rolled_back_and_looked_at(trained):
    assert trained.succeed("try-handler").outputs["as-expected"] == "true"
    plan = json.loads(trained.succeed("deploy", "--dry-run").outputs["plan"])
    assert plan
    first = trained.succeed("deploy").outputs
    trained.serve_on("ml.m5.xlarge")
    second = trained.succeed("deploy").outputs
    back = trained.succeed("rollback").outputs
    assert back["endpoint-config"] == first["endpoint-config"] != second["endpoint-config"]
    job = json.loads(trained.succeed("job", first["training-job"], "--json").stdout)
    assert (job["training-job"], job["status"]) == (first["training-job"], "Completed")
    sent = trained.succeed("transfer", "upload", "data/training", "--name", "more", "--json")
    trained.succeed("transfer", "download", json.loads(sent.stdout)["uri"], "copy")
    for file in (trained.root / "data/training").iterdir():
        assert (trained.root / "copy" / file.name).read_bytes() == file.read_bytes()
