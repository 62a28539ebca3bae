/* SPDX-License-Identifier: Apache-2.0 */
/* What the look-up of a name and the search of PATH share. */
#ifndef OCIENV_ROOTFS_SEARCH_H
#define OCIENV_ROOTFS_SEARCH_H

#include "rootfs/execution.h"

/* How the runtimes differ. */
struct profile {
	struct sv default_path; /* where PATH is unset */
	bool empty_is_entry;	/* an empty PATH is one entry, the working directory */
	bool lexical;		/* ".." in an entry takes off the name before it */
	bool relative_refused; /* a hit through a relative entry ends the search in error */
	bool dots_refused;     /* "." and ".." are never looked up */
	bool empty_searched;   /* "" is: an entry of PATH may be a file */
	bool dot_relative;     /* a name that begins with a dot is one of the directory */
	bool empty_is_root;    /* an empty entry of PATH is the root, not the directory */
	bool any_executes;     /* an x bit for anybody makes a hit; then the user may not */
	bool regular_only;     /* a FIFO or device is no hit */
	bool root_first;       /* looks with root's permissions before the user's */
	bool slash_stripped;   /* from the end of a relative name */
	bool long_skipped;     /* entries that leave no room for a name are passed over */
	bool executes;	       /* tries each candidate, and goes on if execve fails */
	bool stale_passed;     /* goes on behind ESTALE, too */
	bool shell;	       /* hands a file that the kernel does not know to /bin/sh */
	bool agent;	       /* the kata agent looks first, see agent.h */
	int32_t denied;	       /* status where all that was found was denied */
};

struct search {
	const struct lookup_request *request;
	const struct profile *profile;
	struct execution execution; /* rootfs, cwd, who, arena, diag, mark */
	uint32_t steps;		    /* left of what the look-up may cost */
	bool exact;		    /* tell what is absent from what `who` may not see */
	bool chosen;		    /* the runtime has made up its mind */
	bool exhausted;		    /* all of PATH was looked at, and nothing found */
	uint32_t searched;	    /* entries of PATH */
	uint32_t denied;
	const char *why; /* what search_try() found against a file; NULL: the errno says it */
	const struct ocienv_error *error; /* what was said last */
};

/* Fails about the name that is looked up; the text says what is wrong with it. */
int32_t search_fail(const struct search *search, int32_t status, const char *text);
int32_t search_fail_errno(const struct search *search, int error);

/* 0 and an open file, or the errno that the runtime would see. */
int search_try(struct search *search, const struct identity *who, struct sv path,
	       struct found *ret);

/* The runtime has chosen this file; what does execve say? Takes file->fd over. `index`: entry
 * of PATH or -1. */
int32_t search_accept(struct search *search, const struct found *file, struct sv path,
		      int32_t index, struct lookup_result *ret);

/* The path as found: absolute, "//" and "/./" squeezed, ".." kept since it is physical. ptr
 * NULL: no memory. */
struct sv search_as_found(const struct search *search, struct arena *arena, struct sv path);

/* Keeps what became of a candidate, if somebody asks. `error` is the errno for which it was
 * passed over; 0: `status` says what its execution came to. */
void search_note(struct search *search, struct sv path, int32_t index, int error,
		 int32_t status);

/* A search has ended, perhaps sooner than one before it. */
void search_note_end(struct search *search);

/* entry + "/" + name, ended by NUL, in a buffer that has room for them. */
struct sv search_candidate(const struct search *search, struct sv entry, char *buffer);

/* Looks for a name without a slash in PATH. */
int32_t search_path(struct search *search, struct lookup_result *ret);

#endif
