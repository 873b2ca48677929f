"""An endpoint's history, in its tags: the way back, true after every single call.

Before the endpoint is changed, the configuration is written down that serves at that moment, with
the one before it. Whether the change then succeeds, is rolled back or never begins: the way back
leads to the newest of the two that does not serve now. Two are enough for that, and only what has
served is ever one of them. A tag's value holds 256 characters: two names of 63 fit.

With them go the configurations that were deployed though their model does not pass the gate, as
long as they are among those three.

A configuration whose smoke test has failed is marked. It is no way back: it does not become one of
the two when it is left, and is passed over where it is one already. Deploying it again takes the
mark off: the next smoke test says anew.

What is deployed is on trial until its smoke test has passed. So a deployment that was interrupted
before that is told from one that ended well long ago.

With it goes the newest commit that was deployed, so that a run of an older one can give way. It is
written together with the configuration that it is to bring, and the newest commit before it: it
counts if that configuration serves when the endpoint is looked at or changed again, and else not.

A failed endpoint can only be deleted, and its tags go with it; the one made in its place is created
with them. A run that is killed between the two calls loses them.
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
    """The configurations that have served, the newest first, and the mark of a rollback under way.

    The mark, from where to where, is written before the rollback and taken off when it has arrived:
    one that was interrupted is known by it, and goes on, where it would go forward again without
    it. A rollback that SageMaker refused leaves its mark too, so it says nothing any more once the
    endpoint serves something else.
    """

    served: tuple[str, ...] = ()
    rolling_back: tuple[str, ...] = ()
    deployed: tuple[str, ...] = ()  # a commit; its configuration, and the commit before
    ignored: tuple[str, ...] = ()  # configurations whose model somebody deployed against the gate
    failed: tuple[str, ...] = ()  # configurations whose smoke test has failed
    on_trial: tuple[str, ...] = ()  # the configuration deployed last, until its test has passed

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> History:
        """Return the history in an endpoint's tags."""
        keys = (_SERVED, _ROLLING_BACK, _DEPLOYED, _IGNORED, _FAILED, _ON_TRIAL)
        return cls(*(tuple(facts.get(key, "").split()) for key in keys))

    @property
    def facts(self) -> dict[str, str]:
        """What the tags are to say."""
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
        """Return what served before `current`, and well; empty where nothing is known of it."""
        passed_over = (current, *self.failed)
        return next((name for name in self.served if name not in passed_over), "")

    def aim(self, current: str | None) -> str:
        """Return where a rollback under way leads from `current`; empty where there is none."""
        return self.rolling_back[-1] if current in self.rolling_back else ""

    def newest(self, current: str | None) -> str:
        """Return the newest commit that was deployed; `current` serves now, or nothing does."""
        match self.deployed:
            case (commit, config, *before):
                return commit if config == current else "".join(before)
            case _:
                return "".join(self.deployed)

    def leaving(self, current: str | None) -> History:
        """Return the history to write before `current` is left, which serves, or nothing does."""
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
        """Return the history of an endpoint that is left for `config`, of `commit`."""
        words = (commit, config, "".join(self.deployed)) if commit else self.deployed
        deployed = tuple(filter(None, words))
        return replace(self.trying(config), deployed=deployed, on_trial=(config,))

    def judged(self, config: str, *, ignored: bool) -> History:
        """Return the history with what is known of `config`: whether its gate was `ignored`."""
        others = tuple(name for name in self.ignored if name != config)
        return replace(self, ignored=(config, *others) if ignored else others)

    def trying(self, config: str) -> History:
        """Return the history of an endpoint whose `config` is to be tried again."""
        return replace(self, failed=tuple(name for name in self.failed if name != config))

    def failing(self, config: str, current: str | None) -> History:
        """Return the history with the mark of `config`, where `current` serves, or nothing does."""
        if config in self.failed or config not in (current, *self.served):
            return self  # it is marked, or no rollback could come to it
        return replace(self, failed=_known((config, *self.failed), current, self.served))

    def passing(self, config: str) -> History:
        """Return the history once the smoke test of `config` has passed."""
        return self if self.on_trial != (config,) else replace(self, on_trial=())

    def is_interrupted(self, commit: str, config: str) -> bool:
        """Tell whether the last change was to deploy `config`, of `commit`, and is on trial yet."""
        deployed = bool(commit) and self.deployed[:2] == (commit, config)
        return deployed and self.on_trial == (config,)


def _known(
    failed: tuple[str, ...], current: str | None, served: tuple[str, ...]
) -> tuple[str, ...]:
    """Return those of `failed` that a rollback could come to: three at most, as a tag holds."""
    return tuple(name for name in failed if name in (current, *served))
