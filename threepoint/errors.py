"""What a person can put right. Each `Problem` is shown without a traceback and carries the exit code of the command."""


class Problem(Exception):
    """Base of every error that a person can put right; its text says what is wrong and what to do."""

    exit_code = 1


class Ambiguous(Problem):
    """More than one thing answers to what was asked for."""

    exit_code = 2


class StoreLocked(Problem):
    """Another command is writing to the store."""

    exit_code = 4


class NothingLoaded(Problem):
    """The store holds nothing that answers the question yet."""

    exit_code = 5


class Unreadable(Problem):
    """A file, or part of one, that could not be read; it goes to quarantine with this reason."""
