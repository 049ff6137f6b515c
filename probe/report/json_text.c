/* json_text.c - a stream of the C library's that grows. */
#include "probe/report/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "probe/base/mem.h"

void
mx_json_text_begin(struct mx_json_text *json)
{
	memset(json, 0, sizeof *json);
	json->out.stream = open_memstream(&json->text, &json->len);
	if (json->out.stream == NULL)
		mx_out_of_memory();
	mx_json_open(&json->out, NULL, '{');
}

void
mx_json_text_end(struct mx_json_text *json)
{
	mx_json_close(&json->out, '}');
	mx_json_end_line(&json->out);
	if (fclose(json->out.stream) != 0)
		mx_out_of_memory();
}

char *
mx_json_text_take(struct mx_json_text *json)
{
	mx_json_text_end(json);
	json->text[strcspn(json->text, "\n")] = '\0';
	return json->text;
}

void
mx_json_text_drop(struct mx_json_text *json)
{
	(void)fclose(json->out.stream);
	free(json->text);
}
