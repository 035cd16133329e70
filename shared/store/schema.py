"""The tables of a store: those of the log, those of this replica, and the folded ones, which are rebuilt at will.

All are STRICT, and readable in any SQLite tool. sqlite-utils, which makes the kinds' tables and the search, is imported
only where a table is made: a command that lists records does not pay for it.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from shared.actions.action import ACTIONS
from shared.actions.kind import Kind
from shared.store.sqlite import APPLICATION, USER_VERSION, VERSION, Connection

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
    link BLOB,                     -- the chain's link after it; kept for every 64th line, computed for others
    leaf BLOB NOT NULL             -- canonical JSON, or that compressed (packing.py)
) STRICT;
CREATE INDEX entry_id ON entry (substr(id, 1, 8));
CREATE INDEX entry_chain ON entry (terminal, n);
CREATE INDEX entry_skipped ON entry (terminal) WHERE record IS NULL;
CREATE INDEX entry_unchecked ON entry (position) WHERE sound IS NULL;
CREATE TABLE branch (
    terminal TEXT NOT NULL,
    branch TEXT NOT NULL,
    n INTEGER NOT NULL,            -- its last line in the log
    link BLOB NOT NULL,            -- the link after that
    parent TEXT,                   -- the branch that it left ...
    since INTEGER,                 -- ... after this line; null for a terminal's first chain
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
CREATE TABLE carried (             -- blobs that are on their way to the server, or wanted from it
    digest TEXT PRIMARY KEY,
    out INTEGER NOT NULL,          -- 1: to the server, 0: wanted
    tried INTEGER NOT NULL         -- when it was asked for last, ms since 1970 UTC; 0 if it was not yet
) STRICT, WITHOUT ROWID;
"""

FOLDED = """
CREATE TABLE name (                -- numbers for names that rows repeat (names.py)
    no INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE act (                 -- what the fold keeps of an entry
    position INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,         -- what it had seen: all below this position ...
    above TEXT,                    -- ... and of branches up to a number, JSON
    by INTEGER NOT NULL,           -- these four are names
    company INTEGER NOT NULL,
    do INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    fact INTEGER NOT NULL,         -- 1 for a fact, 0 for a decision
    effect INTEGER NOT NULL,       -- 0: none (void, or it waits); 1: as it is written; 2: as `rest` says
    refused TEXT,
    text TEXT,
    rest TEXT                      -- JSON: a list of what it wrote, or an object with all that is not as expected
) STRICT;
CREATE INDEX act_idle ON act (position) WHERE effect = 0;
CREATE TABLE standing (            -- every value that was written of a fact, and whether it stands
    record INTEGER NOT NULL,       -- a name
    fact INTEGER NOT NULL,         -- a name
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,     -- of the act that wrote it
    key TEXT,                      -- null for the empty one
    value ANY NOT NULL,            -- JSON; in a blob if it names parts of the entry (values.py)
    plain INTEGER NOT NULL,
    stands INTEGER NOT NULL,       -- flags: 1 it stands, 2 its fact is marked
    PRIMARY KEY (record, fact, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE touch (               -- which entries are about a record
    record INTEGER NOT NULL,       -- a name
    position INTEGER NOT NULL,
    changed INTEGER NOT NULL,      -- 0 if it changed nothing
    PRIMARY KEY (record, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE reader (              -- which decisions read a record
    record INTEGER NOT NULL,       -- a name
    last INTEGER NOT NULL,         -- position of the last entry that the decision needed
    seq INTEGER NOT NULL,          -- among those with the same, from 0
    position INTEGER NOT NULL,
    PRIMARY KEY (record, last, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE lookup (              -- records by the values of indexed facts
    value INTEGER NOT NULL,        -- the name "kind.fact=value"
    seq INTEGER NOT NULL,
    record INTEGER NOT NULL,       -- a name
    PRIMARY KEY (value, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE fork (                -- where a clone's branch left another
    branch TEXT PRIMARY KEY,
    parent TEXT NOT NULL,
    n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE listed (              -- the records that lists show
    record INTEGER PRIMARY KEY,    -- a name
    kind TEXT NOT NULL,
    digest INTEGER NOT NULL        -- of the text that the search holds
) STRICT;
CREATE VIEW act_named AS SELECT position, size, above, b.name AS by, c.name AS company, d.name AS do, v.name AS verdict,
    fact, effect, refused, text, rest FROM act JOIN name b ON b.no = by JOIN name c ON c.no = company
    JOIN name d ON d.no = do JOIN name v ON v.no = verdict;
CREATE VIEW standing_named AS SELECT r.name AS record, f.name AS fact, seq, position, key, value, plain, stands
    FROM standing JOIN name r ON r.no = record JOIN name f ON f.no = fact;
CREATE VIEW touch_named AS SELECT r.name AS record, position, changed FROM touch JOIN name r ON r.no = record;
CREATE VIEW reader_named AS SELECT r.name AS record, last, seq, position FROM reader JOIN name r ON r.no = record;
CREATE VIEW lookup_named AS SELECT v.name AS value, seq, r.name AS record FROM lookup
    JOIN name v ON v.no = value JOIN name r ON r.no = record;
CREATE VIEW listed_named AS SELECT r.name AS record, kind, digest FROM listed JOIN name r ON r.no = record;
"""

FOLDED_KEYS: dict[str, tuple[str, ...]] = {
    "act": ("position",),
    "standing": ("record", "fact", "seq"),
    "touch": ("record", "position"),
    "reader": ("record", "last", "seq"),
    "lookup": ("value", "seq"),
    "fork": ("branch",),
    "listed": ("record",),
    "meta": ("key",),
}
"""What tells the rows of a table apart, for undoing; a kind's table has `record`."""
_OWN = frozenset(
    {"meta", "entry", "branch", "seal", "tree", "checkpoint", "cosignature", "blob", "head", "due", "refusal"}
    | {"outbox", "undo", "refused", "draft", "wrapped_key", "carried"}
)
"""The tables of the log and the replica, which are never dropped."""
RESERVED = _OWN | {*FOLDED_KEYS, "search"}
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
    # Without the texts, which stand elsewhere already; SQLite before 3.43 cannot take single texts out of that.
    light = ", content='', contentless_delete=1" if VERSION >= (3, 43, 0) else ""
    connection.execute(
        f"CREATE VIRTUAL TABLE search USING fts5(texts, tokenize='unicode61 remove_diacritics 2'{light})"
    )
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
        # The few records that people must look into, found without reading all the others.
        connection.execute(
            f"CREATE INDEX {quoted(f'{kind.name}_flagged')} ON {quoted(kind.name)} (last) WHERE flags <> '[]'"
        )


def drop_folded(connection: Connection) -> None:
    """Drop all folded tables, those of kinds that are no longer declared too."""
    connection.execute("DELETE FROM undo")
    connection.execute("DROP TABLE IF EXISTS search")
    views = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")
    for (name,) in views.fetchall():
        connection.execute(f"DROP VIEW {quoted(name)}")
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    for (name,) in names.fetchall():
        if name not in _OWN:
            connection.execute(f"DROP TABLE {quoted(name)}")


def shape(kinds: Iterable[Kind]) -> str:
    """Give a short digest of the kinds' tables; another one means that they must be made anew.

    Facts and actions count too: an entry that was "newer" is understood once its action is declared.
    """
    said = [
        (
            one.name,
            one.code,
            [(name, column.searched) for name, column in one.columns.items()],
            sorted((name, *fact) for name, fact in one.facts.items()),
        )
        for one in sorted(kinds, key=lambda one: one.name)  # whichever was imported first
    ]
    return sha256(repr((said, sorted(ACTIONS))).encode()).hexdigest()[:16]


def quoted(name: str) -> str:
    """Give a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _run(connection: Connection, script: str) -> None:
    # Not `executescript`, which would commit the caller's transaction first.
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)
