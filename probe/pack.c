/* pack.c - pack TAXONOMY IMAGE: run once when mxprobe is built, so that mxprobe itself starts at
 * once; see probe/verdict/pack.h. */
#include <stdio.h>
#include <stdlib.h>

#include "probe/verdict/pack.h"

int
main(int argc, char **argv)
{
	struct mx_error err = { 0 };

	if (argc != 3) {
		(void)fprintf(stderr, "usage: %s TAXONOMY-DIRECTORY IMAGE\n", argv[0]);
		return 64;
	}
	/* What whoever builds has in taxonomy.d is no part of the release. */
	if (setenv("MXPROBE_TAXONOMY_D", "", 1) == 0 &&
	    mx_pack_taxonomy(argv[1], argv[2], &err) == MX_OK)
		return 0;
	(void)fprintf(stderr, "%s\n", err.text);
	return 78;
}
