/* schema.c - one step a version; a step is never edited once it was released. */
#include "probe/store/schema.h"

#include <stdio.h>

/* "mxpr": says whose file this is (PRAGMA application_id), to file(1) as well. */
#define APPLICATION_ID 0x6d787072

/* clang-format off */
static const char version_1[] =
	/* A source and a provider group: what verdicts, floors and states are about. */
	"CREATE TABLE pair ("
	" id INTEGER PRIMARY KEY,"
	" source TEXT NOT NULL,"
	" grp TEXT NOT NULL,"
	" provider TEXT,"               /* id in the catalogue */
	" destination TEXT,"            /* the one asked last */
	" state TEXT NOT NULL,"
	" since_us INTEGER NOT NULL,"   /* when it came into that state */
	" fold TEXT,"                   /* what watch/ remembers, opaque here */
	" last_result TEXT,"
	" last_us INTEGER,"
	" last_verdict TEXT,"
	" learned_us INTEGER,"          /* when a session last told something */
	" visits INTEGER NOT NULL DEFAULT 0," /* sessions, for going round the addresses */
	" UNIQUE (source, grp));"
	/* Every result; the deciding reply's words are kept as long as the row. */
	"CREATE TABLE result ("
	" id TEXT PRIMARY KEY,"         /* ULID */
	" pair INTEGER NOT NULL REFERENCES pair (id),"
	" time_us INTEGER NOT NULL,"
	" destination TEXT NOT NULL,"
	" mx_host TEXT, address TEXT, helo TEXT, mail_from TEXT, rcpt TEXT,"
	" depth TEXT, reached TEXT, verdict TEXT NOT NULL,"
	" stage TEXT, code INTEGER, enhanced TEXT, text TEXT,"
	" category TEXT, about TEXT, permanence TEXT, authority TEXT, list TEXT,"
	" provider_code TEXT, listed_value TEXT, delist_url TEXT, rule TEXT, remedy TEXT, confidence REAL,"
	" seen_source TEXT, note TEXT) WITHOUT ROWID;"
	"CREATE INDEX result_by_pair ON result (pair, time_us);"
	"CREATE INDEX result_by_time ON result (time_us);"
	/* The whole result as `--format json` printed it, transcript and all. */
	"CREATE TABLE evidence ("
	" result TEXT PRIMARY KEY,"
	" pair INTEGER NOT NULL,"
	" time_us INTEGER NOT NULL,"
	" keep INTEGER NOT NULL,"       /* first or last of a state: for good */
	" json TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX evidence_by_time ON evidence (time_us) WHERE keep = 0;"
	/* Each address of a provider, as this source last found it. */
	"CREATE TABLE hop ("
	" pair INTEGER NOT NULL,"
	" mx_host TEXT NOT NULL,"
	" address TEXT NOT NULL,"
	" time_us INTEGER NOT NULL,"
	" verdict TEXT NOT NULL,"
	" result TEXT NOT NULL,"
	" PRIMARY KEY (pair, mx_host, address)) WITHOUT ROWID;"
	"CREATE TABLE event ("
	" id INTEGER PRIMARY KEY,"
	" pair INTEGER NOT NULL REFERENCES pair (id),"
	" time_us INTEGER NOT NULL,"
	" old_state TEXT NOT NULL, new_state TEXT NOT NULL,"
	" why TEXT, result TEXT);"
	"CREATE INDEX event_by_pair ON event (pair, time_us);"
	"CREATE INDEX event_by_time ON event (time_us);"
	/* A request to be taken off a list. */
	"CREATE TABLE delist_case ("
	" id INTEGER PRIMARY KEY,"
	" pair INTEGER NOT NULL REFERENCES pair (id),"
	" ticket TEXT, outcome TEXT,"
	" opened_us INTEGER NOT NULL, expected_us INTEGER, cleared_us INTEGER, closed_us INTEGER,"
	" step INTEGER NOT NULL DEFAULT 0,"
	" note TEXT);"
	"CREATE INDEX case_by_pair ON delist_case (pair, opened_us);"
	/* The ledger: every session, written before its connect (ledger.h). */
	"CREATE TABLE session ("
	" id INTEGER PRIMARY KEY,"
	" source TEXT NOT NULL, grp TEXT NOT NULL, network TEXT NOT NULL,"
	" kind TEXT NOT NULL,"
	" started_us INTEGER NOT NULL, started_boot_us INTEGER NOT NULL, boot TEXT NOT NULL,"
	" pid INTEGER NOT NULL, pid_start INTEGER NOT NULL, pid_space INTEGER NOT NULL,"
	" ended_us INTEGER, outcome TEXT,"
	" hold_us INTEGER NOT NULL DEFAULT 0);" /* after the end: no session for so long */
	"CREATE INDEX session_by_pair ON session (source, grp);"
	"CREATE INDEX session_by_group ON session (grp);"
	"CREATE INDEX session_by_network ON session (network, grp);"
	"CREATE INDEX session_by_time ON session (started_us);"
	"CREATE INDEX session_open ON session (id) WHERE ended_us IS NULL;"
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;";

static const char version_2[] =
	/* What a receiver of alerts has not taken yet (outbox.h); an id is never used again. */
	"CREATE TABLE outbox ("
	" id INTEGER PRIMARY KEY AUTOINCREMENT,"
	" receiver TEXT NOT NULL,"
	" notice TEXT NOT NULL UNIQUE," /* ULID */
	" topic TEXT NOT NULL,"         /* what is told of one topic stays in order */
	" body TEXT NOT NULL,"
	" created_us INTEGER NOT NULL,"
	" due_us INTEGER NOT NULL,"     /* not tried before */
	" tries INTEGER NOT NULL DEFAULT 0);"
	"CREATE INDEX outbox_by_topic ON outbox (receiver, topic, id);"
	/* Which event each of them was told of last. */
	"CREATE TABLE outbox_position ("
	" receiver TEXT PRIMARY KEY,"
	" event INTEGER NOT NULL) WITHOUT ROWID;";

static const char version_3[] =
	/* Test messages (deliveries.h). */
	"CREATE TABLE delivery ("
	" id TEXT PRIMARY KEY,"         /* ULID, the message's token */
	" time_us INTEGER NOT NULL,"
	" mailbox TEXT NOT NULL, grp TEXT, provider TEXT,"
	" source TEXT,"                 /* as the receiver saw it */
	" relay TEXT,"
	" verdict TEXT NOT NULL, place TEXT, folder TEXT,"
	" spf TEXT, dkim TEXT, dmarc TEXT,"
	" summary TEXT, json TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX delivery_by_group ON delivery (grp, time_us);"
	"CREATE INDEX delivery_by_time ON delivery (time_us);";
/* clang-format on */

static const char *const steps[MX_STORE_VERSION] = { version_1, version_2, version_3 };

static int64_t
number_of(struct mx_db *db, const char *sql, struct mx_error *err)
{
	sqlite3_stmt *statement = mx_db_prepare(db, sql, err);
	int64_t number = 0;

	if (statement != NULL && mx_db_row(db, statement, err))
		number = sqlite3_column_int64(statement, 0);
	if (statement != NULL)
		mx_db_done(statement);
	return number;
}

static int64_t
version_of(struct mx_db *db, struct mx_error *err)
{
	return number_of(db, "PRAGMA user_version", err);
}

/* A file with tables that are not ours must not get more of them. */
static enum mx_err
check_owner(struct mx_db *db, struct mx_error *err)
{
	int64_t owner = number_of(db, "PRAGMA application_id", err);
	int64_t tables = number_of(db, "SELECT count(*) FROM sqlite_schema", err);

	if (err->code != MX_OK)
		return err->code;
	if (owner != APPLICATION_ID && (owner != 0 || tables > 0))
		return mx_error_set(err, MX_ERR_SYSTEM,
		    "%s: is no store of mxprobe; name another file with --store",
		    db->path);
	return MX_OK;
}

static enum mx_err
refuse_newer(struct mx_db *db, int64_t version, struct mx_error *err)
{
	if (version <= MX_STORE_VERSION)
		return MX_OK;
	return mx_error_set(err, MX_ERR_SYSTEM,
	    "%s: written by a newer mxprobe (schema %lld, this one knows up to %d); update "
	    "this mxprobe, or name another file with --store",
	    db->path, (long long)version, MX_STORE_VERSION);
}

/* Within a transaction: between two looks another process might turn an empty file into a store. */
static enum mx_err
look(struct mx_db *db, int64_t *version, struct mx_error *err)
{
	if (check_owner(db, err) != MX_OK)
		return err->code;
	*version = version_of(db, err);
	return err->code == MX_OK ? refuse_newer(db, *version, err) : err->code;
}

static enum mx_err
look_once(struct mx_db *db, int64_t *version, struct mx_error *err)
{
	if (mx_db_exec(db, "BEGIN", err) == MX_OK) {
		(void)look(db, version, err);
		mx_db_undo(db, "ROLLBACK");
	}
	return err->code;
}

static enum mx_err
climb(struct mx_db *db, struct mx_error *err)
{
	int64_t version = 0;
	char pragmas[96];

	/* Another process may have been faster: look again under the lock. */
	if (look(db, &version, err) != MX_OK || version == MX_STORE_VERSION)
		return err->code;
	(void)snprintf(pragmas, sizeof pragmas,
	    "PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID,
	    MX_STORE_VERSION);
	for (; version < MX_STORE_VERSION; version++)
		if (mx_db_exec(db, steps[version], err) != MX_OK)
			return err->code;
	return mx_db_exec(db, pragmas, err);
}

enum mx_err
mx_schema_migrate(struct mx_db *db, struct mx_error *err)
{
	int64_t version = 0;

	if (look_once(db, &version, err) != MX_OK || version == MX_STORE_VERSION ||
	    mx_db_exec(db, "BEGIN IMMEDIATE", err) != MX_OK)
		return err->code;
	if (climb(db, err) == MX_OK && mx_db_exec(db, "COMMIT", err) == MX_OK)
		return MX_OK;
	mx_db_undo(db, "ROLLBACK");
	return err->code;
}

enum mx_err
mx_schema_check(struct mx_db *db, struct mx_error *err)
{
	int64_t version = 0;

	if (look_once(db, &version, err) != MX_OK || version == MX_STORE_VERSION)
		return err->code;
	return mx_error_set(err, MX_ERR_SYSTEM,
	    "%s: of an older schema (%lld); run \"mxprobe check\" or another command that "
	    "writes once, and it is brought up to date",
	    db->path, (long long)version);
}
