"""History beside what releases say: what they take back, what could not be read of them, and where they were given again."""

from threepoint.standard.definition import define_table

REMOVED = define_table(
    "removed",
    "A value that a release takes back: an explicit null, or an empty list where OCDS replaces lists as one.",
    "release_key table key field",
    """
release_key | key  | ours | the release
table       | code | ours | history table
key         | id   | ours | key of the row without release_key, joined by a bar
field       | code | ours | column taken back; * for a whole list
""",
)

INVALID_VALUE = define_table(
    "invalid_value",
    "A published value that could not be what its field asks for. The release is kept; the value stands here.",
    "release_key path table field",
    """
release_key | key  | ours | the release
table       | code | ours | history table
key         | id   | ours | key of the row without release_key, joined by a bar
field       | code | ours | column left empty
path        | text | ours | where it stood in the release
found       | text | ours | what stood there, at most 200 characters
reason      | text | ours | why it could not be read
""",
)

SIGHTING = define_table(
    "sighting",
    "A release that was held already when another file gave it again; the file that gave it first stands in `release`.",
    "release_key source_id",
    """
release_key | key | ours | the release
source_id   | id  | ours | sha256 of the file that gives it again, as published
""",
)
