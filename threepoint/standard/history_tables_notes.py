"""History tables of removed values, unreadable values and repeated releases."""

from threepoint.standard.definition import define_table

REMOVED = define_table(
    "removed",
    "A value that a release removes: an explicit null, or an empty list if OCDS replaces the list as a whole.",
    "release_key table key field",
    """
release_key | key  | ours | key of the release
table       | code | ours | name of the history table
key         | id   | ours | key of the row without release_key, joined by vertical bars
field       | code | ours | column whose value is removed; * for a whole list
""",
)

INVALID_VALUE = define_table(
    "invalid_value",
    "A published value that does not fit its field. The release is kept, and this table holds the value.",
    "release_key path table field",
    """
release_key | key  | ours | key of the release
table       | code | ours | name of the history table
key         | id   | ours | key of the row without release_key, joined by vertical bars
field       | code | ours | column that is left empty
path        | text | ours | path of the value in the release
found       | text | ours | published text, at most 200 characters
reason      | text | ours | why the value could not be read
""",
)

SIGHTING = define_table(
    "sighting",
    "A release that another file repeats. Table `release` names the first file with it.",
    "release_key source_id",
    """
release_key | key | ours | key of the release
source_id   | id  | ours | sha256 of the published file that repeats the release
""",
)
