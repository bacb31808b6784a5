"""What a person can put right. Each `Problem` is shown without a traceback and carries the exit code of the command."""

import re

MAX_MESSAGE_CHARS = 600  # characters of a message; beyond that, its middle is left out
# What a terminal obeys or cannot show: control characters, turned writing direction, halves of characters.
_UNPRINTABLE_PATTERN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def make_printable(text: str, most: int = MAX_MESSAGE_CHARS) -> str:
    """The text as one line that a terminal shows and does not obey: names of files may hold anything."""
    if len(text) > most:
        text = f"{text[: most // 2]}…{text[-(most // 2) :]}"
    return _UNPRINTABLE_PATTERN.sub(lambda found: repr(found[0])[1:-1], text)


class UserError(Exception):
    """Base of every error that a person can put right; its text says what is wrong and what to do."""

    exit_code = 1

    def __str__(self) -> str:
        return "\n".join(map(make_printable, super().__str__().split("\n")))  # a Problem may be a list


class AmbiguousIdError(UserError):
    """More than one thing answers to what was asked for."""

    exit_code = 2


class StoreLockedError(UserError):
    """Another command is writing to the store."""

    exit_code = 4


class NothingLoadedError(UserError):
    """The store holds nothing that answers the question yet."""

    exit_code = 5


class MemoryLimitError(UserError):
    """A step needs more memory than it is allowed."""


class UnreadableInputError(UserError):
    """A file, or part of one, that could not be read; it goes to quarantine.

    `reason` says why, `advice` what to ask its publisher, and `byte` where reading stopped, from 0.
    """

    def __init__(self, reason: str, advice: str = "", byte: int | None = None) -> None:
        super().__init__(join_advice(reason, advice))
        self.reason, self.advice, self.byte = reason, advice, byte


def join_advice(reason: str, advice: str) -> str:
    """Return what is wrong and what to do about it as one sentence."""
    return f"{reason}; {advice}" if advice else reason
