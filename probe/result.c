/* result.c - what a result owns. */
#include "probe/result.h"

#include <stdlib.h>

void
mx_result_free(struct mx_result *result)
{
	if (result == NULL)
		return;
	free(result->helo);
	free(result->mail_from);
	free(result->rcpt);
	free(result->destination);
	free(result->group);
	free(result->mx_host);
	free(result->note);
	free(result->mta_sts_text);
	free(result->shares_id);
	mx_judgement_clear(&result->judgement);
	mx_transcript_free(result->transcript);
	free(result);
}
