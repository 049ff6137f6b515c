/* turn.c - a lock on a file beside the store: the store's own locks are SQLite's. */
#include "probe/watch/alert/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "probe/base/log.h"
#include "probe/base/mem.h"

struct mx_alert_turn {
	char *path;
	int fd; /* -1: not open */
	bool is_ours, is_told;
};

struct mx_alert_turn *
mx_alert_turn_new(const char *store_file)
{
	struct mx_alert_turn *turn = mx_calloc(1, sizeof *turn);

	turn->path = mx_asprintf("%s-alerts", store_file);
	turn->fd = -1;
	return turn;
}

void
mx_alert_turn_free(struct mx_alert_turn *turn)
{
	if (turn == NULL)
		return;
	if (turn->fd >= 0)
		(void)close(turn->fd);
	free(turn->path);
	free(turn);
}

/* Told twice is better than not at all. */
static bool
do_without(struct mx_alert_turn *turn, int sys)
{
	mx_log(MX_LOG_WARNING,
	    "%s: %s; should another mxprobe use this store, alerts may be told twice",
	    turn->path, strerror(sys));
	turn->is_ours = true;
	return true;
}

bool
mx_alert_turn_take(struct mx_alert_turn *turn)
{
	if (turn->is_ours)
		return true;
	if (turn->fd < 0)
		turn->fd = open(turn->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (turn->fd < 0)
		return do_without(turn, errno);
	turn->is_ours = flock(turn->fd, LOCK_EX | LOCK_NB) == 0;
	if (turn->is_ours)
		return true;
	if (errno != EWOULDBLOCK)
		return do_without(turn, errno);
	if (!turn->is_told)
		mx_log(MX_LOG_WARNING,
		    "another mxprobe tells of what happens in this store; this one will when "
		    "that has ended");
	turn->is_told = true;
	return false;
}
