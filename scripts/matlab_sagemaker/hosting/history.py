"""An endpoint's history, kept in its tags, so that rollback knows the way back.

The tags are correct after every single AWS call, whenever a run is killed:

- served: Before each change, the tags record the configuration that serves and the one before it.
  Whether the change succeeds, is rolled back or never starts, the way back is the newer of the two
  that does not serve now. A tag's value has at most 256 characters, so two names of 63 fit.
- gate-ignored: Of these and the current one, those deployed although their model fails the gate.
- smoke-test-failed: A configuration whose smoke test failed is marked and is never the way back:
  it is not recorded as served, and is skipped if it already is. Deploying it again removes the
  mark; the next smoke test decides.
- on-trial: The configuration deployed last, until its smoke test passes. This distinguishes an
  interrupted deployment from one that ended well long ago.
- deployed: The newest deployed commit, so that a run of an older commit can give way. It is written
  before the change, with its configuration and the newest commit before it. It counts only if that
  configuration serves when the tags are read.

A failed endpoint can only be deleted, which deletes its tags; its replacement is created with the
same ones. A run that is killed between these two calls loses the history.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVED, _ROLLING_BACK, _DEPLOYED = "served", "rolling-back", "deployed"
_IGNORED = "gate-ignored"
_FAILED = "smoke-test-failed"
_ON_TRIAL = "on-trial"


@dataclass(frozen=True)
class History:
    """The configurations that have served, newest first, and the marks.

    `rolling_back` holds from and to; it is written before a rollback and removed after it. So a
    rollback that was interrupted continues when it is run again, instead of going forward again. A
    rollback that SageMaker refused leaves its mark too, which is why the mark counts only while the
    endpoint serves one of the two.
    """

    served: tuple[str, ...] = ()
    rolling_back: tuple[str, ...] = ()
    deployed: tuple[str, ...] = ()  # commit, its configuration, the commit before
    ignored: tuple[str, ...] = ()  # configurations deployed although the gate failed
    failed: tuple[str, ...] = ()  # configurations whose smoke test failed
    on_trial: tuple[str, ...] = ()  # the configuration deployed last, until its smoke test passes

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> History:
        """Read the history from an endpoint's tags."""
        keys = (_SERVED, _ROLLING_BACK, _DEPLOYED, _IGNORED, _FAILED, _ON_TRIAL)
        return cls(*(tuple(facts.get(key, "").split()) for key in keys))

    @property
    def facts(self) -> dict[str, str]:
        """The tags that record this history."""
        words = {
            _SERVED: self.served,
            _ROLLING_BACK: self.rolling_back,
            _DEPLOYED: self.deployed,
            _IGNORED: self.ignored,
            _FAILED: self.failed,
            _ON_TRIAL: self.on_trial,
        }
        return {key: " ".join(names) for key, names in words.items()}

    def previous(self, current: str | None) -> str:
        """Find the last configuration before `current` that did not fail; empty: unknown."""
        passed_over = (current, *self.failed)
        return next((name for name in self.served if name not in passed_over), "")

    def aim(self, current: str | None) -> str:
        """Find where an unfinished rollback leads from `current`; empty: there is none."""
        return self.rolling_back[-1] if current in self.rolling_back else ""

    def newest(self, current: str | None) -> str:
        """Find the newest deployed commit; `current` serves now, None: nothing does."""
        match self.deployed:
            case (commit, config, *before):
                return commit if config == current else "".join(before)
            case _:
                return "".join(self.deployed)

    def leaving(self, current: str | None) -> History:
        """Return the history to write before `current` is replaced; None: nothing serves."""
        newest, previous = self.newest(current), self.previous(current)
        serves_well = current and current not in self.failed
        served = tuple(filter(None, (current, previous))) if serves_well else self.served
        return History(
            served,
            deployed=(newest,) if newest else (),
            ignored=tuple(name for name in self.ignored if name in served),
            failed=_known(self.failed, current, served),
        )

    def deploying(self, commit: str, config: str) -> History:
        """Return the history to write before `config`, of `commit`, is deployed."""
        words = (commit, config, "".join(self.deployed)) if commit else self.deployed
        deployed = tuple(filter(None, words))
        return replace(self.trying(config), deployed=deployed, on_trial=(config,))

    def judged(self, config: str, *, ignored: bool) -> History:
        """Record whether the gate was `ignored` to deploy `config`."""
        others = tuple(name for name in self.ignored if name != config)
        return replace(self, ignored=(config, *others) if ignored else others)

    def trying(self, config: str) -> History:
        """Remove the failure mark of `config`, which is tried again."""
        return replace(self, failed=tuple(name for name in self.failed if name != config))

    def failing(self, config: str, current: str | None) -> History:
        """Mark `config` as failed; `current` serves now, None: nothing does."""
        if config in self.failed or config not in (current, *self.served):
            return self  # already marked, or no rollback could reach it
        return replace(self, failed=_known((config, *self.failed), current, self.served))

    def passing(self, config: str) -> History:
        """Record that the smoke test of `config` passed."""
        return self if self.on_trial != (config,) else replace(self, on_trial=())

    def is_interrupted(self, commit: str, config: str) -> bool:
        """Check whether `config`, of `commit`, was deployed last and is still on trial."""
        deployed = bool(commit) and self.deployed[:2] == (commit, config)
        return deployed and self.on_trial == (config,)


def _known(
    failed: tuple[str, ...], current: str | None, served: tuple[str, ...]
) -> tuple[str, ...]:
    """Keep those of `failed` that a rollback could reach: at most three, which fit in a tag."""
    return tuple(name for name in failed if name in (current, *served))
