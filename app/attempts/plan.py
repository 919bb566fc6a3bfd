"""What an attempt set out to be: title, review policy, time, sections; frozen as JSON when it starts."""

import json
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias, get_args

Policy: TypeAlias = Literal["immediate", "after_section", "at_end", "after_close"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
PACES = (1.0, 1.5, 2.0)
"""Extra time, as a factor of the standard one; untimed attempts have no deadline at all."""


@dataclass(frozen=True)
class Plan:
    """How an attempt runs. `sections` holds the number of items of each, in order."""

    policy: Policy = "at_end"
    sections: list[int] = field(default_factory=list)
    seconds: int | None = None  # the time allowed, extra time included; None = untimed
    pace: float = 1.0
    closes_at: str | None = None  # ISO time after which an `after_close` review opens
    origin: dict[str, object] = field(default_factory=dict)  # how the items were chosen: kind, tags, levels, ...

    def dumped(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def section_of(self, position: int) -> int:
        """The section, counted from 0, in which a position (from 1) stands."""
        passed = 0
        for index, size in enumerate(self.sections):
            passed += size
            if position <= passed:
                return index
        raise IndexError(position)

    def positions(self, section: int) -> range:
        """The positions of a section."""
        first = 1 + sum(self.sections[:section])
        return range(first, first + self.sections[section])


def loaded(text: str) -> Plan:
    """The plan of a stored attempt."""
    return Plan(**json.loads(text))
