/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the search for libraries share. */
#ifndef OCIENV_ROOTFS_LIBRARY_SEARCH_H
#define OCIENV_ROOTFS_LIBRARY_SEARCH_H

#include "rootfs/cwd.h"
#include "rootfs/library.h"

/* A file that is loaded: the program comes first. */
struct object {
	struct dynamic dynamic;
	struct sv path;	  /* as it was opened */
	struct sv origin; /* $ORIGIN */
	int32_t parent;	  /* the object that needed it first, -1: this is the program */
	int32_t library;  /* its entry in the list, -1: this is the program */
	dev_t dev;
	ino_t ino;
};

struct finder {
	const struct library_request *request;
	struct library_list list;
	struct arena *arena;   /* of what stays */
	struct arena scratch;  /* of one candidate */
	struct elf_file elf;   /* the program's; closed */
	struct sv interp;      /* PT_INTERP */
	struct cwd cwd;
	struct vec objects;    /* struct object */
	struct vec libraries;  /* struct library */
	uint32_t steps;	       /* left */
	int error;	       /* ends the search */
	struct sv directories; /* the loader's, each with a NUL or a colon behind it */
	enum library_rule directories_rule;
	struct sv soname;      /* glibc: the loader's */
	struct sv lib;	       /* glibc: $LIB; ptr NULL: not known */
};

/* A file that may be what is looked for. */
struct probe {
	struct sv path; /* in the scratch */
	struct found found;
	int fd;		/* open for reading, or -1: it is none to be read, or not by us */
	bool readable;	/* by us */
	bool regular;
	size_t have;	/* of the head */
	unsigned char head[ELF_HEAD];
	bool broken;
	enum library_rule rule;
};

static inline struct object *object_at(const struct finder *f, int32_t index)
{
	return (struct object *)f->objects.items + index;
}

/* As open(path, O_RDONLY) of the process: 0 or an errno. What ends the search is noted in
 * f->error as well. */
int library_open(struct finder *f, struct sv path, struct probe *ret);
void library_close(struct probe *candidate);

/* Takes an entry up to `a` or `b` off the front of *rest; false at the end, or when the search
 * has cost too much. As sv_cut(). */
bool library_cut(struct finder *f, struct sv *rest, char a, char b, struct sv *ret);

/* `directory` and `name` with a slash between them, in the scratch. ptr NULL: the path is as
 * long as none may be, or no memory. */
struct sv library_join(struct finder *f, struct sv directory, struct sv name);

/* The rules of one loader. */
struct loader {
	/* What must be known before the first library. */
	void (*begin)(struct finder *f);
	/* The name that is meant by a DT_NEEDED; ptr NULL: it cannot be used. */
	struct sv (*name)(struct finder *f, int32_t requester, struct sv needed);
	/* True if the name is the loader itself. */
	bool (*is_loader)(const struct finder *f, struct sv name);
	/* True if this loaded object is what the name means. */
	bool (*is_loaded)(const struct object *object, struct sv name);
	/* Looks for a name; false: missing. */
	bool (*search)(struct finder *f, int32_t requester, struct sv name,
		       struct probe *ret);
	/* True if a file with a dynamic section is none that it loads. */
	bool (*refuses)(const struct elf_file *elf, const struct dynamic *dynamic);
	bool origin_is_absolute;
};

extern const struct loader loader_glibc, loader_musl;

/* Reads the loader's own file: its directories, $LIB and DT_SONAME. */
void library_glibc_begin(struct finder *f);

/* The directories that are built into a glibc loader: a run of names that begin and end with
 * a slash and a NUL, the first one in its bytes. ptr NULL: none is to be found. Pure. */
struct sv library_directories(struct sv bytes);

/* /etc/ld-musl-ARCH.path as musl makes it of PT_INTERP; ptr NULL: no memory. */
struct sv library_musl_file(struct arena *arena, struct sv interp);

#endif
