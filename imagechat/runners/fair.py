"""Whose turn it is: fair between visitors, not between requests."""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar


class Waiting(Protocol):
    """What stands in line. Two with the same `lane`, which is one visitor's, do not run at once; "" is no lane."""

    @property
    def owner(self) -> str:
        """Whose it is."""
        ...

    @property
    def lane(self) -> str:
        """What it shares with others that it cannot run beside."""
        ...


W = TypeVar("W", bound=Waiting)


@dataclass
class Turns:
    """When each visitor who has something waiting or running was served, in steps that only this line counts.

    Who comes new stands just before the one who was served last: after all who have waited longer, before those who were served since.
    """

    steps: int = 0
    served: dict[str, float] = field(default_factory=dict)

    def come(self, owner: str) -> None:
        """Somebody has something to do; who was there already keeps their turn."""
        self.served.setdefault(owner, self.steps - 0.5)

    def serve(self, owner: str) -> int:
        """Something of theirs begins, with the step that is returned."""
        self.steps += 1
        self.served[owner] = self.steps
        return self.steps

    def keep(self, owners: set[str]) -> None:
        """Forget all others: they have nothing to do any more."""
        self.served = {owner: step for owner, step in self.served.items() if owner in owners}


class Line(Generic[W]):
    """What waits for one kind of slot, the oldest first, and what runs in them, as it began. It only thinks ahead, and changes nothing.

    The next is of the visitor with the fewest running, then of the one who was served longest ago, then the oldest.
    """

    def __init__(self, waiting: Iterable[W], running: Iterable[W], turns: Turns) -> None:
        self._turns = Turns(turns.steps, dict(turns.served))
        self._running = deque(running)
        self._counts = Counter(each.owner for each in self._running)
        self._lanes = {each.lane for each in self._running if each.lane}
        self._queues: dict[str, deque[tuple[int, W]]] = {}
        for age, each in enumerate(waiting):
            self._queues.setdefault(each.owner, deque()).append((age, each))
        self._heap: list[tuple[int, float, int, str]] = []
        for owner in self._queues:
            self._stand(owner)

    def order(self, slots: int) -> Iterator[tuple[W, bool]]:
        """Everything that waits in the order in which it begins, and whether at once; what runs is thought to end as it began."""
        now = True
        while True:
            while len(self._running) < slots and (one := self._begin()) is not None:
                yield one, now
            if not self._running:
                return
            now = False
            self._end()

    def _begin(self) -> W | None:
        while self._heap:
            entry = heapq.heappop(self._heap)
            owner = entry[-1]
            if entry != self._place(owner):
                continue  # It stands elsewhere by now.
            one = self._taken(owner)
            self._running.append(one)
            self._counts[owner] += 1
            self._lanes |= {one.lane} - {""}
            self._turns.serve(owner)
            self._stand(owner)
            return one
        return None

    def _end(self) -> None:
        one = self._running.popleft()
        self._counts[one.owner] -= 1
        self._lanes.discard(one.lane)
        self._stand(one.owner)

    def _stand(self, owner: str) -> None:
        place = self._place(owner)
        if place is not None:
            heapq.heappush(self._heap, place)

    def _place(self, owner: str) -> tuple[int, float, int, str] | None:
        """Where a visitor stands with the first of theirs that can begin."""
        for age, each in self._queues.get(owner, ()):
            if each.lane not in self._lanes:
                return self._counts[owner], self._turns.served.get(owner, 0.0), age, owner
        return None

    def _taken(self, owner: str) -> W:
        queue = self._queues[owner]
        index = next(index for index, (_, each) in enumerate(queue) if each.lane not in self._lanes)
        _, one = queue[index]
        del queue[index]
        return one
