"""Write sagemaker.yml and the workflows that train, deploy and operate into your repository."""

from __future__ import annotations

from matlab_sagemaker.init import files, prompt, render, terminal


def main() -> None:
    """Find, ask, describe, check, show, write."""
    options = prompt.parser("init", str(__doc__)).parse_args()
    finder = prompt.Finder(files.require_root(options.folder), prompt.given(options))
    asking = terminal.is_interactive() and not options.yes
    if asking:
        terminal.show(_BEFORE)
        prompt.ask(finder)
    answers = prompt.complete(finder)
    write = render.workflows if options.workflows else render.files
    texts = write(answers, finder.kit_facts(answers))
    if not options.workflows:
        files.check(answers, finder.folder, texts[answers.config])
    changes = files.compare(finder.folder, texts)
    terminal.show(files.shown(changes, whole=options.dry_run or asking))
    if options.dry_run:
        return
    if not options.force:
        files.refuse_to_overwrite(changes)
    if asking and not prompt.confirm(changes):
        terminal.show("Nothing was written.")
        return
    files.write(changes)
    terminal.show(f"\n{_LEFT}\n\n{render.next_steps(answers)}")


_BEFORE = "Press Enter to accept the value in brackets. Nothing is written before you confirm it.\n"
_LEFT = "Done. Next steps (the kit's docs/getting-started.md has the commands):"

if __name__ == "__main__":
    terminal.run(main)
