"""Folders of jobs and endpoints that end while other processes read them."""

from concurrent.futures import ThreadPoolExecutor

from emulator import storage


def read_only_tree(folder):
    for name in ("a/b/c", "a/d", "e/f", "g"):
        (folder / name).mkdir(parents=True)
        (folder / name / "file").write_text("x")
    storage.make_read_only(folder)


def test_a_job_that_ends_and_an_emulator_that_ends_may_remove_the_same_folder(tmp_path):
    folder = tmp_path / "job"
    with ThreadPoolExecutor(2) as pool:
        for _ in range(200):
            read_only_tree(folder)
            ends = [pool.submit(storage.remove_tree, folder) for _ in range(2)]
            assert [end.result() for end in ends] == [None, None]
            assert not folder.exists()
