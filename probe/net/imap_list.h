/*
 * imap_list.h - the folders of a mailbox: which to search, and what kind they are.
 * In:   the server's answer to LIST.   Out: folders, the inbox first, then junk, then others.
 * Not:  no connection; names stay as the server spells them (modified UTF-7).
 */
#ifndef MX_NET_IMAP_LIST_H
#define MX_NET_IMAP_LIST_H

#include "probe/net/fetch_imap.h"

#define MX_IMAP_FOLDERS 64U

struct mx_imap_folder {
	enum mx_imap_place place;
	char *name; /* unquoted */
};

struct mx_imap_folders {
	struct mx_imap_folder rows[MX_IMAP_FOLDERS];
	size_t count;
};

/** Folders that hold nothing, or copies of everything, are left out. INBOX is there in any case. */
void mx_imap_list_read(const char *text, struct mx_imap_folders *folders);
void mx_imap_folders_clear(struct mx_imap_folders *folders);
/** The first UID of an answer to SEARCH; 0: none. */
unsigned long mx_imap_search_read(const char *text);

#endif
