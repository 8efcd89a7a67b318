"""Worked out once: the same question has one answer, and a refusal leaves nothing behind."""

from __future__ import annotations

import threading

import pytest

from gisapp.put_together import Remembered


def test_the_same_question_is_worked_out_once() -> None:
    kept, asked = Remembered(), []
    for _ in range(3):
        assert kept("a", lambda: asked.append(1) or len(asked)) == 1  # type: ignore[func-returns-value]
    assert asked == [1]


def test_the_oldest_is_forgotten() -> None:
    kept = Remembered(most=2)
    for key in "abc":
        kept(key, lambda key=key: key)  # type: ignore[misc]
    kept("c", lambda: pytest.fail("known"))
    assert kept("a", lambda: "again") == "again"
    assert len(kept._kept) == len(kept._gates) == 2


def test_a_refusal_is_not_kept_nor_its_gate() -> None:
    kept = Remembered()

    def refused() -> str:
        raise LookupError

    for _ in range(2):
        with pytest.raises(LookupError):
            kept("a", refused)
    assert not kept._gates
    assert kept("a", lambda: "well") == "well"


def test_who_asks_the_same_waits_for_the_answer() -> None:
    kept, begun, go = Remembered(), threading.Event(), threading.Event()
    answers: list[str] = []

    def slow() -> str:
        begun.set()
        assert go.wait(30)
        return "worked out"

    first = threading.Thread(target=lambda: answers.append(kept("a", slow)))
    first.start()
    assert begun.wait(30)
    second = threading.Thread(target=lambda: answers.append(kept("a", lambda: "not this")))
    second.start()
    go.set()
    first.join(30)
    second.join(30)
    assert answers == ["worked out", "worked out"]
