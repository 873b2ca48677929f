"""A rehearsal in an image: the example trains and answers in a container, on local files."""

from helpers.kit import verb_runs


def test_the_example_is_rehearsed_in_a_container(docker, base_image, tmp_path):
    desk = verb_runs.example(tmp_path / "repository", "http://127.0.0.1:9", **docker.environment)
    result = desk.succeed("rehearse", "--in-image", base_image)
    expected = (desk.root / "requests/expected.csv").read_text()
    assert result.outputs["prediction"] == expected
    assert "The answer is as requests/expected.csv expects." in result.stdout
