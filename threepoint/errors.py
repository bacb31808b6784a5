"""Errors that the user can fix. They are shown without a traceback and have the exit code of the command."""

import re

MAX_MESSAGE_CHARS = 600  # the middle of a longer message is left out
# Characters that a terminal obeys or cannot show: control characters, direction overrides and lone surrogates.
_UNPRINTABLE_PATTERN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def make_printable(text: str, max_chars: int = MAX_MESSAGE_CHARS) -> str:
    """Return the text as one line that is safe to print. Names of files may contain any character."""
    if len(text) > max_chars:
        text = f"{text[: max_chars // 2]}…{text[-(max_chars // 2) :]}"
    return _UNPRINTABLE_PATTERN.sub(lambda match: repr(match[0])[1:-1], text)


class UserError(Exception):
    """Base of errors that the user can fix. The text says what is wrong and what to do."""

    exit_code = 1

    def __str__(self) -> str:
        return "\n".join(map(make_printable, super().__str__().split("\n")))  # the text may be a list


class AmbiguousIdError(UserError):
    """Several records match the identifier."""

    exit_code = 2


class StoreLockedError(UserError):
    """Another command is writing to the store."""

    exit_code = 4


class NothingLoadedError(UserError):
    """The store does not have the data that the command needs."""

    exit_code = 5


class MemoryLimitError(UserError):
    """A step needs more memory than the limit allows."""


class UnreadableInputError(UserError):
    """A file, or part of one, cannot be read and is quarantined.

    `reason` says why, `advice` what to ask the publisher, and `byte` is the offset at which reading stopped.
    """

    def __init__(self, reason: str, advice: str = "", byte: int | None = None) -> None:
        super().__init__(join_advice(reason, advice))
        self.reason, self.advice, self.byte = reason, advice, byte


def join_advice(reason: str, advice: str) -> str:
    """Join what is wrong and what to do about it into one sentence."""
    return f"{reason}; {advice}" if advice else reason
