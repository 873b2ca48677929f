"""What an endpoint's tags tell of its past: the way back, true after every single call.

Before the endpoint is changed, the configuration is written down that serves at that moment, with
the one before it. Whether the change then succeeds, is rolled back or never begins: the way back
leads to the newest of the two that does not serve now. Two are enough for that, and only what has
served is ever one of them. A tag's value holds 256 characters: two names of 63 fit.

A failed endpoint can only be deleted, and its tags go with it. The one made in its place is created
with them; for a run that is killed between the two calls, the tags of the configuration that is to
be served hold them too, from before the first call on. They are read where there is no endpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SERVED, _ROLLING_BACK = "served", "rolling-back"


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

    @classmethod
    def of(cls, facts: Mapping[str, str]) -> Record:
        """Return the record in an endpoint's tags."""
        return cls(*(tuple(facts.get(key, "").split()) for key in (_SERVED, _ROLLING_BACK)))

    @property
    def facts(self) -> dict[str, str]:
        """What the tags are to say."""
        return {_SERVED: " ".join(self.served), _ROLLING_BACK: " ".join(self.rolling_back)}

    def previous(self, current: str | None) -> str:
        """Return what served before `current`; empty where nothing is known of it."""
        return next((name for name in self.served if name != current), "")

    def aim(self, current: str | None) -> str:
        """Return where a rollback under way leads from `current`; empty where there is none.

        Without an endpoint, so without a `current`, it is still to be made there.
        """
        known = current is None or current in self.rolling_back
        return self.rolling_back[-1] if self.rolling_back and known else ""

    def leaving(self, current: str) -> Record:
        """Return the record to write before `current`, which serves, is left."""
        previous = self.previous(current)
        return Record((current, previous) if previous else (current,))
