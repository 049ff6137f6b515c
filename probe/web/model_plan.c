/* model_plan.c - what the watch plans for each pair. */
#include "probe/web/model.h"

void
mx_model_plan_all(struct mx_model *model)
{
	(void)model;
}

void
mx_model_plan_one(struct mx_model *model, struct mx_model_pair *pair)
{
	(void)model, (void)pair;
}
