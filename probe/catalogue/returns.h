/*
 * returns.h - a return code as the table writes it; private to catalogue/.
 * In:   "127.0.0.2", "127.0.2.2-24".   Out: the answers it stands for.
 * Not:  no table is searched here.
 */
#ifndef MX_CATALOGUE_RETURNS_H
#define MX_CATALOGUE_RETURNS_H

#include <stdbool.h>
#include <stdint.h>

/** Answers that differ in the last octet only. */
struct mx_return_code {
	uint8_t bytes[3];
	uint8_t first, last;
};

/** Whole string or false; DNSBLs answer in 127.0.0.0/8 and nowhere else. */
bool mx_return_code_parse(const char *text, struct mx_return_code *out);

#endif
