"""What an endpoint's tags tell of its past: the way back, true after every single call.

Before the endpoint is changed, the configuration is written down that serves at that moment, with
the one before it. Whether the change then succeeds, is rolled back or never begins: the way back
leads to the newest of the two that does not serve now. Two are enough for that, and only what has
served is ever one of them. A tag's value holds 256 characters: two names of 63 fit.

With it goes the newest commit that was deployed, so that a run of an older one can give way. It is
written together with the configuration that it is to bring, and the newest commit before it: it
counts if that configuration serves when the endpoint is looked at or changed again, and else not.

A failed endpoint can only be deleted, and its tags go with it. The one made in its place is created
with them; for a run that is killed between the two calls, the tags of the configuration that is to
be served hold them too, from before the first call on until it serves. They are read where there is
no endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVED, _ROLLING_BACK, _DEPLOYED = "served", "rolling-back", "deployed"


@dataclass(frozen=True)
class Record:
    """The configurations that have served, the newest first, and the mark of a rollback under way.

    The mark, from where to where, is written before the rollback and taken off when it has arrived:
    one that was interrupted is known by it, and goes on, where it would go forward again without
    it. A rollback that SageMaker refused leaves its mark too, so it says nothing any more once the
    endpoint serves something else.
    """

    served: tuple[str, ...] = ()
    rolling_back: tuple[str, ...] = ()
    deployed: tuple[str, ...] = ()  # a commit; its configuration, and the commit before

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Record:
        """Return the record in an endpoint's tags."""
        keys = (_SERVED, _ROLLING_BACK, _DEPLOYED)
        return cls(*(tuple(facts.get(key, "").split()) for key in keys))

    @property
    def facts(self) -> dict[str, str]:
        """What the tags are to say."""
        words = {
            _SERVED: self.served,
            _ROLLING_BACK: self.rolling_back,
            _DEPLOYED: self.deployed,
        }
        return {key: " ".join(names) for key, names in words.items()}

    def previous(self, current: str | None) -> str:
        """Return what served before `current`; empty where nothing is known of it."""
        return next((name for name in self.served if name != current), "")

    def aim(self, current: str | None) -> str:
        """Return where a rollback under way leads from `current`; empty where there is none.

        Without an endpoint, so without a `current`, it is still to be made there.
        """
        known = current is None or current in self.rolling_back
        return self.rolling_back[-1] if self.rolling_back and known else ""

    def newest(self, current: str | None) -> str:
        """Return the newest commit that was deployed; `current` serves now, or nothing does."""
        match self.deployed:
            case (commit, config, *before):
                return commit if config == current else "".join(before)
            case _:
                return "".join(self.deployed)

    def leaving(self, current: str | None) -> Record:
        """Return the record to write before `current` is left, which serves, or nothing does."""
        newest, previous = self.newest(current), self.previous(current)
        served = tuple(filter(None, (current, previous))) if current else self.served
        return Record(served, deployed=(newest,) if newest else ())

    def deploying(self, commit: str, config: str) -> Record:
        """Return the record of an endpoint that is left for `config`, of `commit`."""
        newest = "".join(self.deployed)
        words = (commit, config, newest) if commit != newest else (commit,)
        return replace(self, deployed=tuple(filter(None, words)))
