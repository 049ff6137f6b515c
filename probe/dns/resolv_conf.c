/* resolv_conf.c - read here rather than by libunbound, which takes a file without nameservers
 * for one that names 127.0.0.1; we do full recursion then. */
#include "probe/dns/resolv_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* "nameserver ADDRESS", a comment or anything else behind the address. */
static bool
nameserver_of(char *line, struct mx_addr *out)
{
	static const char keyword[] = "nameserver";
	size_t len = sizeof keyword - 1;

	if (strncmp(line, keyword, len) != 0 || line[len] == '\0' ||
	    strchr(BLANKS, line[len]) == NULL)
		return false;
	line += len + strspn(line + len, BLANKS);
	line[strcspn(line, BLANKS)] = '\0';
	return mx_addr_parse(line, out);
}

size_t
mx_resolv_conf_read(const char *path, struct mx_addr out[MX_RESOLV_CONF_MAX])
{
	FILE *file = fopen(path, "re");
	char line[512];
	size_t count = 0;

	if (file == NULL)
		return 0;
	while (count < MX_RESOLV_CONF_MAX && fgets(line, sizeof line, file) != NULL)
		if (nameserver_of(line, &out[count]))
			count++;
	fclose(file);
	return count;
}
