"""Which things hang together: union-find over numbers 0 to n − 1."""

from collections.abc import Iterable


class Unions:
    """Disjoint groups that only ever grow together."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, one: int) -> int:
        """The number a group goes by until it is joined to another."""
        parent = self._parent
        top = one
        while parent[top] != top:
            top = parent[top]
        while parent[one] != top:
            parent[one], one = top, parent[one]
        return top

    def join(self, one: int, other: int) -> int:
        """Make two groups one; return its root, the smaller number of the two."""
        a, b = sorted((self.root(one), self.root(other)))
        self._parent[b] = a
        return a

    def groups(self, members: Iterable[int]) -> dict[int, list[int]]:
        """The groups of some members, by root, each in the order given."""
        found: dict[int, list[int]] = {}
        for member in members:
            found.setdefault(self.root(member), []).append(member)
        return found
