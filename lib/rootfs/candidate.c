/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What became of each file that a search looked at, for people who look for the reason.
 *
 * Paths here hold entries of PATH: whoever shows them asks first whether those are secret.
 */
#include "rootfs/search.h"

#include "rootfs/outcome.h"

/* The candidate of that entry: what an earlier look at it saw, or a new one. */
static struct candidate *candidate_at(struct search *search, struct sv path, int32_t index)
{
	struct candidates *list = search->request->candidates;
	struct candidate *candidate;

	if (index >= 0 && (uint32_t)index < list->items.count)
		return (struct candidate *)list->items.items + index;
	candidate = VEC_PUSH(&list->items, list->arena, struct candidate);
	if (candidate)
		*candidate = (struct candidate){
			.path = search_as_found(search, list->arena, path),
			.path_index = index,
		};
	return candidate;
}

static const char *reason_of(const struct search *search, int error)
{
	const char *text = search->why ? search->why : outcome_of(error)->text;

	return *text ? text : "cannot be looked at: the file system fails";
}

void search_note_end(struct search *search)
{
	struct candidates *list = search->request->candidates;

	if (list && list->items.count > search->searched)
		list->items.count = search->searched;
}

void search_note(struct search *search, struct sv path, int32_t index, int error,
		 int32_t status)
{
	struct candidates *list = search->request->candidates;
	struct candidate *candidate = list ? candidate_at(search, path, index) : NULL;

	if (!candidate)
		return;
	candidate->reason = NULL;
	candidate->named = false;
	candidate->status = status;
	if (error) {
		candidate->status = outcome_of(error)->status;
		candidate->reason = reason_of(search, error);
	} else if (status) {
		candidate->named = true;
		candidate->reason = arena_strdup(list->arena, sv_of(search->error->message));
	}
}
