"""The tables of a store: those of the log, those of this replica, and the folded ones, which are rebuilt at will.

All are STRICT, and readable in any SQLite tool. sqlite-utils, which makes the kinds' tables and the search, is imported
only where a table is made: a command that lists records does not pay for it.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from shared.actions.kind import Kind
from shared.store.sqlite import APPLICATION, USER_VERSION, Connection

LOG = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
    position INTEGER PRIMARY KEY,  -- from 0
    terminal TEXT NOT NULL,
    n INTEGER NOT NULL,            -- not unique with the terminal: a clone forks the chain
    branch TEXT,                   -- the fork's name; null on the terminal's first chain
    received INTEGER NOT NULL,     -- by the server's clock, ms since 1970 UTC
    sound INTEGER,                 -- whether the person's signature fits: 1, 0, null while it is not checked
    record TEXT,                   -- null for a skip
    id BLOB NOT NULL,              -- SHA-256 of the line
    link BLOB NOT NULL,            -- the chain's link after it
    leaf BLOB NOT NULL             -- canonical JSON
) STRICT;
CREATE INDEX entry_id ON entry (substr(id, 1, 8));
CREATE INDEX entry_chain ON entry (terminal, n);
CREATE TABLE branch (
    terminal TEXT NOT NULL,
    branch TEXT NOT NULL,
    n INTEGER NOT NULL,            -- its last line in the log
    link BLOB NOT NULL,            -- the link after that
    PRIMARY KEY (terminal, branch)
) STRICT, WITHOUT ROWID;
CREATE TABLE seal (
    position INTEGER PRIMARY KEY REFERENCES entry,  -- of the last line that it covers
    terminal TEXT NOT NULL,
    n INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE tree (                -- complete subtrees, at every fourth level from the fourth up (RFC 6962)
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,        -- the subtree's number on its level, from 0
    hash BLOB NOT NULL,
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoint (
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    note BLOB NOT NULL,            -- the signed note
    PRIMARY KEY (epoch, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE cosignature (
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    name TEXT NOT NULL,            -- the cosigning terminal
    key_id BLOB NOT NULL,
    blob BLOB NOT NULL,            -- time and signature, as in the note
    PRIMARY KEY (epoch, size, name, key_id),
    FOREIGN KEY (epoch, size) REFERENCES checkpoint
) STRICT, WITHOUT ROWID;
CREATE TABLE blob (
    digest TEXT PRIMARY KEY,       -- SHA-256 of salt and content, base64url
    salt BLOB,
    content BLOB,                  -- null once it is erased; the digest stays
    erasable INTEGER NOT NULL
) STRICT;
"""

REPLICA = """
CREATE TABLE outbox (              -- lines that are not in the log yet, in the order in which they came
    no INTEGER PRIMARY KEY,
    terminal TEXT NOT NULL,
    n INTEGER NOT NULL,
    position INTEGER,              -- where it is folded, from 2^40 on; null for a skip
    branch TEXT NOT NULL,
    sound INTEGER,
    record TEXT,                   -- null for a skip
    state TEXT NOT NULL,           -- 'new', or what the pushing side notes
    id BLOB NOT NULL UNIQUE,
    link BLOB NOT NULL,
    line BLOB NOT NULL,
    UNIQUE (terminal, n)
) STRICT;
CREATE UNIQUE INDEX outbox_position ON outbox (position);
CREATE TABLE undo (                -- folded rows as they were before the pending lines changed them
    no INTEGER PRIMARY KEY,
    tbl TEXT NOT NULL,
    key TEXT NOT NULL,             -- the primary key's values, JSON
    row BLOB                       -- all values, null if there was no such row
) STRICT;
CREATE TABLE refused (             -- lines that the server refused, kept for entering them again
    id BLOB PRIMARY KEY,
    terminal TEXT NOT NULL,
    n INTEGER NOT NULL,
    why TEXT NOT NULL,
    line BLOB NOT NULL
) STRICT;
CREATE TABLE draft (
    owner TEXT NOT NULL,
    form TEXT NOT NULL,
    body TEXT NOT NULL,            -- JSON
    PRIMARY KEY (owner, form)
) STRICT, WITHOUT ROWID;
CREATE TABLE wrapped_key (
    person TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT, WITHOUT ROWID;
"""

FOLDED = """
CREATE TABLE act (                 -- what the fold keeps of an entry
    position INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,         -- what it had seen: all below this position ...
    above TEXT,                    -- ... and of branches up to a number, JSON
    by TEXT NOT NULL,
    company TEXT NOT NULL,
    do TEXT NOT NULL,
    fact INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    refused TEXT,
    text TEXT,
    effect INTEGER NOT NULL,       -- 0: none; 1: as it is written; 2: as `rest` says
    rest TEXT                      -- JSON
) STRICT;
CREATE TABLE standing (            -- every value that was written of a fact, and whether it stands
    record TEXT NOT NULL,
    fact TEXT NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,     -- of the act that wrote it
    key TEXT NOT NULL,
    value TEXT NOT NULL,           -- JSON
    plain INTEGER NOT NULL,
    stands INTEGER NOT NULL,       -- 0 or 1; 2 more on all values of a fact where news took an effect away
    PRIMARY KEY (record, fact, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE touch (               -- which entries are about a record
    record TEXT NOT NULL,
    position INTEGER NOT NULL,
    changed INTEGER NOT NULL,      -- 0 if it changed nothing
    PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE reader (              -- which decisions read a record
    record TEXT NOT NULL,
    last INTEGER NOT NULL,         -- position of the last entry that the decision needed
    position INTEGER NOT NULL,
    PRIMARY KEY (record, last, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE lookup (              -- records by the values of indexed facts
    kind TEXT NOT NULL,
    fact TEXT NOT NULL,
    value TEXT NOT NULL,
    seq INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, fact, value, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE fork (                -- where a clone's branch left another
    branch TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

FOLDED_KEYS: dict[str, tuple[str, ...]] = {
    "act": ("position",),
    "standing": ("record", "fact", "seq"),
    "touch": ("record", "position"),
    "reader": ("record", "last", "position"),
    "lookup": ("kind", "fact", "value", "seq"),
    "fork": ("branch",),
    "words": ("record",),
    "meta": ("key",),
}
"""What tells the rows of a table apart, for undoing; a kind's table has `record`."""
SEARCHED = "words"
"""The table that holds each record's text for the search."""
RESERVED = frozenset(
    {
        *FOLDED_KEYS,
        "words_fts",
        "entry",
        "branch",
        "seal",
        "tree",
        "checkpoint",
        "cosignature",
        "blob",
        "outbox",
        "undo",
    }
    | {"refused", "draft", "wrapped_key", "head", "due", "refusal"}
)
"""Names that no kind may have."""
OWN_COLUMNS = ("record", "flags", "last")
"""The columns that every kind's table has beside the kind's own."""


def create(connection: Connection) -> None:
    """Make the tables of a new file, all but the folded ones; within the caller's transaction."""
    for text in (LOG, REPLICA):
        _run(connection, text)
    connection.execute(f"PRAGMA application_id={APPLICATION}")
    connection.execute(f"PRAGMA user_version={USER_VERSION}")


def create_folded(connection: Connection, kinds: Mapping[str, Kind]) -> None:
    """Make the folded tables, empty: the fold's own, one for each kind, and the search.

    Raises:
        TypeError: a kind or column has a name that the store uses itself.
    """
    from sqlite_utils import Database  # noqa: PLC0415  slow to import, and needed for this only

    _run(connection, FOLDED)
    database = Database(connection)
    words = database.table(SEARCHED)
    words.create(
        {"no": int, "record": str, "kind": str, "texts": str},
        pk="no",
        not_null=["record", "kind", "texts"],
        strict=True,
    )
    words.create_index(["record"], unique=True)
    words.enable_fts(["texts"], tokenize="unicode61 remove_diacritics 2", create_triggers=True)
    for kind in kinds.values():
        if kind.name in RESERVED or kind.name.startswith("sqlite_") or {*OWN_COLUMNS, "sync"} & set(kind.columns):
            raise TypeError(f"kind {kind.name}: it, or one of its columns, has a name that the store uses itself")
        # A column holds text, a number or a list, so its type is ANY, which sqlite-utils cannot declare.
        columns = "".join(f", {quoted(column)} ANY" for column in kind.columns)
        connection.execute(
            f"CREATE TABLE {quoted(kind.name)} (record TEXT PRIMARY KEY{columns},"
            " flags TEXT NOT NULL, last INTEGER NOT NULL) STRICT, WITHOUT ROWID"
        )
        table = database.table(kind.name)
        table.create_index(["last"])
        table.create_index(["state", "last"])


def drop_folded(connection: Connection) -> None:
    """Drop all folded tables, those of kinds that are no longer declared too."""
    connection.execute("DELETE FROM undo")
    kept = {"meta", "entry", "branch", "seal", "tree", "checkpoint", "cosignature", "blob", "head", "due", "refusal"}
    kept |= {"outbox", "undo", "refused", "draft", "wrapped_key"}
    connection.execute(f"DROP TABLE IF EXISTS {SEARCHED}_fts")
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    for (name,) in names.fetchall():
        if name not in kept:
            connection.execute(f"DROP TABLE {quoted(name)}")


def shape(kinds: Iterable[Kind]) -> str:
    """Give a short digest of the kinds' tables; another one means that they must be made anew."""
    said = ";".join(f"{kind.name}:{','.join(kind.columns)}" for kind in kinds)
    return sha256(said.encode()).hexdigest()[:16]


def quoted(name: str) -> str:
    """Give a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _run(connection: Connection, script: str) -> None:
    # Not `executescript`, which would commit the caller's transaction first.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)
