"""How the tables came to be: each step runs once, in its order, and a released one is never edited."""

_FILES = (
    "CREATE TABLE files (id INTEGER PRIMARY KEY AUTOINCREMENT, chat INTEGER NOT NULL, giver INTEGER NOT NULL,"
    " giver_name TEXT NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL, given INTEGER NOT NULL)",
    "CREATE INDEX files_of_chat ON files (chat)",
    "CREATE INDEX files_of_giver ON files (giver)",
)

_CHATS = (
    """
    CREATE TABLE chats (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,      -- group, supergroup, channel
        standing TEXT NOT NULL,  -- of the bot: member, admin, gone
        since INTEGER NOT NULL,  -- seconds since 1970
        was INTEGER              -- the group's id before it became a supergroup
    )
    """,
)

_INBOX = (
    # An update as Telegram sent it until it is handled; then only that it was, for as long as it may come again.
    "CREATE TABLE updates (id INTEGER PRIMARY KEY, came REAL NOT NULL, body TEXT, starts INTEGER NOT NULL DEFAULT 0)",
    "CREATE INDEX updates_by_age ON updates (came)",
    # What an update that is not handled yet has sent, by the message's number.
    "CREATE TABLE messages (update_id INTEGER, number INTEGER, doubts INTEGER NOT NULL, answer TEXT,"
    " PRIMARY KEY (update_id, number)) WITHOUT ROWID",
)
_THREADS = (
    "CREATE TABLE threads (chat INTEGER, topic INTEGER, since REAL NOT NULL, searched TEXT NOT NULL,"
    " PRIMARY KEY (chat, topic)) WITHOUT ROWID",
)

_ANSWERS = (
    """
    CREATE TABLE answers (             -- those that have buttons
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        chat INTEGER NOT NULL,
        asker INTEGER NOT NULL,
        since REAL NOT NULL,           -- seconds since 1970
        question TEXT NOT NULL,
        searched TEXT NOT NULL,
        previous TEXT,
        places TEXT NOT NULL,          -- JSON, of each quote the fields of answers.Place
        first INTEGER NOT NULL,
        has_more INTEGER NOT NULL
    )
    """,
    "CREATE INDEX answers_since ON answers (since)",
    """
    CREATE TABLE feedback (            -- what a user thinks of an answer
        answer TEXT NOT NULL,
        user INTEGER NOT NULL,
        asker INTEGER NOT NULL,
        since REAL NOT NULL,           -- seconds since 1970
        is_good INTEGER NOT NULL,
        question TEXT NOT NULL,
        searched TEXT NOT NULL,
        previous TEXT,
        quotes TEXT NOT NULL,          -- JSON, of each quote the fields of feedback.Quoted
        PRIMARY KEY (answer, user)
    )
    """,
)

_PEOPLE = (
    # Whose words stand in a row, in the form of store.people. Of what groups stored before, nobody knows (0).
    "ALTER TABLE updates ADD COLUMN people TEXT NOT NULL DEFAULT ' 0 '",
    # who is to be forgotten again when the update is handled, in the same form
    "ALTER TABLE updates ADD COLUMN forgets TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE threads ADD COLUMN people TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE answers ADD COLUMN people TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE feedback ADD COLUMN people TEXT NOT NULL DEFAULT ''",
    "DELETE FROM threads WHERE chat < 0",
    "UPDATE answers SET people = ' 0 ' WHERE chat < 0",
    "UPDATE feedback SET people = ' 0 ' WHERE answer NOT IN (SELECT id FROM answers WHERE chat > 0)",
)
_WHOLE = (
    "ALTER TABLE files ADD COLUMN digest TEXT NOT NULL DEFAULT ''",  # SHA-256 of the bytes, hexadecimal
    # A chat that has a new id, until all that is kept of it has moved there.
    "CREATE TABLE moving (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)",
)

_TURNS = (
    """
    CREATE TABLE turns (               -- questions of late, and what they were answered with
        chat INTEGER,
        topic INTEGER,
        person INTEGER,
        message INTEGER,               -- the person's, 0 where it is not known
        part INTEGER,                  -- counts the questions of a message
        since REAL NOT NULL,           -- seconds since 1970
        searched TEXT NOT NULL,
        asked TEXT NOT NULL,
        previous TEXT,
        answer TEXT,                   -- the id of one in answers
        cards TEXT NOT NULL,           -- JSON, the numbers of the bot's messages
        people TEXT NOT NULL,          -- whose words stand in it, in the form of store.people
        PRIMARY KEY (chat, topic, person, message, part)
    ) WITHOUT ROWID
    """,
    # in private, the chat's id is the person's; whose a group's was is not known
    "INSERT INTO turns SELECT chat, topic, chat, 0, 0, since, searched, '', NULL, NULL, '[]', people"
    " FROM threads WHERE chat > 0",
    "DROP TABLE threads",
)

_AGAIN = (
    # what it takes to show an answer or a refusal again, in its place
    "ALTER TABLE answers ADD COLUMN opening TEXT NOT NULL DEFAULT ''",  # what the bot said itself
    "ALTER TABLE answers ADD COLUMN before TEXT",  # the id of the answer in whose place it stands
    "ALTER TABLE answers ADD COLUMN nearest TEXT NOT NULL DEFAULT '[]'",  # as places
    "ALTER TABLE answers ADD COLUMN meant TEXT",
)

_REFUSED = (
    """
    CREATE TABLE refused (             -- questions that found no answer, where the operator has them kept
        number INTEGER PRIMARY KEY,
        person INTEGER NOT NULL,
        since REAL NOT NULL,           -- seconds since 1970
        question TEXT NOT NULL,        -- what was searched for
        people TEXT NOT NULL           -- whose words stand in it, in the form of store.people
    )
    """,
    "CREATE INDEX refused_since ON refused (since)",
    "CREATE INDEX refused_by_person ON refused (person, number)",
)

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    *(_FILES, _CHATS, _INBOX, _THREADS, _ANSWERS, _PEOPLE, _WHOLE, _TURNS, _AGAIN, _REFUSED),
)
"""For each version, the statements that lead to it from the one before."""
