/* SPDX-License-Identifier: Apache-2.0 */
/* Sorted by the bytes of the globs, so that a name is compared with the few that start as it
 * does. None holds a "?". */
#define _GNU_SOURCE
#include "base/names.h"

#include "base/glob.h"

#define ROW(glob, class, form, why, source)                                              \
	{{glob, sizeof(glob) - 1}, NAME_##class, FORM_##form, why, source}

const struct name_row names_table[] = {
	ROW("*_PORT*", CONSTRAINED, SERVICE, "redirects to another Service",
	    "genpolicy"),
	ROW("*_SERVICE_HOST", CONSTRAINED, SERVICE, "redirects to another Service",
	    "genpolicy"),
	ROW("AA_*", RESERVED, ANY, "changes what attestation and secrets do",
	    "Confidential Containers"),
	ROW("ALL_PROXY", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("AWS_CA_BUNDLE", DANGEROUS, ANY, "trust anchors, or no checks at all",
	    "by analogy"),
	ROW("BASHOPTS", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("BASH_ENV", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("BASH_FUNC_*", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("BROWSER", DANGEROUS, ANY, "runs a command",
	    "by analogy"),
	ROW("BUNDLE_GEMFILE", DANGEROUS, ANY, "options and module path of Ruby",
	    "by analogy"),
	ROW("CDH_*", RESERVED, ANY, "changes what attestation and secrets do",
	    "Confidential Containers"),
	ROW("CDPATH", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("CLASSPATH", DANGEROUS, ANY, "agents and class path of Java",
	    "sudo"),
	ROW("COLORTERM", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("COMPlus_*", DANGEROUS, ANY, "code before Main in .NET",
	    "coreclr"),
	ROW("CORECLR_*", DANGEROUS, ANY, "code before Main in .NET",
	    "coreclr"),
	ROW("COR_*", DANGEROUS, ANY, "code before Main in .NET",
	    "coreclr"),
	ROW("CTLOG_FILE", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("CURL_CA_BUNDLE", DANGEROUS, ANY, "trust anchors, or no checks at all",
	    "by analogy"),
	ROW("DOTNET_*", DANGEROUS, ANY, "code before Main in .NET",
	    "coreclr"),
	ROW("EDG_*", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("EDITOR", DANGEROUS, ANY, "runs a command",
	    "by analogy"),
	ROW("ENCLAVE_AGENT", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("ENV", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("ERL_*FLAGS", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("FPATH", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("FTP_PROXY", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("GCONV_PATH", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("GEM_HOME", DANGEROUS, ANY, "options and module path of Ruby",
	    "by analogy"),
	ROW("GEM_PATH", DANGEROUS, ANY, "options and module path of Ruby",
	    "by analogy"),
	ROW("GETCONF_DIR", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("GIT_CONFIG_*", DANGEROUS, ANY, "runs a command",
	    "sudo"),
	ROW("GIT_EXEC_PATH", DANGEROUS, ANY, "runs a command",
	    "sudo"),
	ROW("GIT_SSH*", DANGEROUS, ANY, "runs a command",
	    "sudo"),
	ROW("GIT_SSL_NO_VERIFY", DANGEROUS, ANY, "trust anchors, or no checks at all",
	    "by analogy"),
	ROW("GLIBC_TUNABLES", DANGEROUS, ANY, "behaviour of the allocator and of the loader",
	    "glibc"),
	ROW("GLOBIGNORE", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("GOCOVERDIR", DANGEROUS, ANY, "weakens x509 or TLS in Go, writes dumps",
	    "Go"),
	ROW("GODEBUG", DANGEROUS, ANY, "weakens x509 or TLS in Go, writes dumps",
	    "Go"),
	ROW("GOMP_*LIBRARIES", DANGEROUS, ANY, "loads a library",
	    "by analogy"),
	ROW("GOTRACEBACK", DANGEROUS, ANY, "weakens x509 or TLS in Go, writes dumps",
	    "Go"),
	ROW("GRAMINE_*", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("GUILE_LOAD_*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("HOME", CONSTRAINED, ABSOLUTE, "configuration that is code lies there",
	    "util-linux, sudo"),
	ROW("HOSTALIASES", DANGEROUS, ANY, "redirects name resolution",
	    "glibc, sudo"),
	ROW("HTTPS_PROXY", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("HTTP_PROXY", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("IFS", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("JAVA_TOOL_OPTIONS", DANGEROUS, ANY, "agents and class path of Java",
	    "sudo"),
	ROW("JDK_JAVA_OPTIONS", DANGEROUS, ANY, "agents and class path of Java",
	    "by analogy"),
	ROW("KBS_*", RESERVED, ANY, "changes what attestation and secrets do",
	    "Confidential Containers"),
	ROW("KMP_*LIBRARIES", DANGEROUS, ANY, "loads a library",
	    "by analogy"),
	ROW("KRB5CCNAME", DANGEROUS, ANY, "redirects to another realm or key table",
	    "sudo, util-linux"),
	ROW("KRB5_CONFIG*", DANGEROUS, ANY, "redirects to another realm or key table",
	    "sudo, util-linux"),
	ROW("KRB5_KTNAME", DANGEROUS, ANY, "redirects to another realm or key table",
	    "sudo, util-linux"),
	ROW("KRB_CONF", DANGEROUS, ANY, "redirects to another realm or key table",
	    "sudo, util-linux"),
	ROW("LANG", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("LANGUAGE", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("LC_*", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("LD_*", DANGEROUS, ANY, "the loader runs or preloads other code",
	    "sudo, glibc, util-linux, AppArmor, Gramine"),
	ROW("LIBPATH", DANGEROUS, ANY, "the loader runs or preloads other code",
	    "sudo, glibc, util-linux, AppArmor, Gramine"),
	ROW("LINGUAS", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("LOCALDOMAIN", DANGEROUS, ANY, "redirects name resolution",
	    "glibc, sudo"),
	ROW("LOCPATH", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("LOGNAME", CONSTRAINED, WORD, "configuration that is code lies there",
	    "util-linux, sudo"),
	ROW("LUA_CPATH*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("LUA_INIT*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("LUA_PATH*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("MALLOC_*", DANGEROUS, ANY, "behaviour of the allocator and of the loader",
	    "glibc"),
	ROW("NIS_PATH", DANGEROUS, ANY, "redirects name resolution",
	    "glibc, sudo"),
	ROW("NLSPATH", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("NODE_EXTRA_CA_CERTS", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NODE_OPTIONS", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NODE_PATH", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NODE_REPL_*", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NODE_TLS_REJECT_UNAUTHORIZED", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NODE_V8_COVERAGE", DANGEROUS, ANY, "code, trust store or TLS checks of Node.js",
	    "sudo, Node.js"),
	ROW("NO_PROXY", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("NULLCMD", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("OCCLUM", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("OCCLUM_*", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("OCICRYPT_KEYPROVIDER_CONFIG", RESERVED, ANY, "changes what attestation and secrets do",
	    "Confidential Containers"),
	ROW("OMP_*LIBRARIES", DANGEROUS, ANY, "loads a library",
	    "by analogy"),
	ROW("OPENSSL_CONF*", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_ENGINES", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_MODULES", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_armcap", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_ia32cap", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_ppccap", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_riscvcap", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("OPENSSL_s390xcap", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("PAGER", DANGEROUS, ANY, "runs a command",
	    "by analogy"),
	ROW("PATH", CONSTRAINED, PATHS, "changes which program is found",
	    "util-linux, polkit"),
	ROW("PATH_LOCALE", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("PERL5DB", DANGEROUS, ANY, "options and module path of Perl",
	    "sudo"),
	ROW("PERL5LIB", DANGEROUS, ANY, "options and module path of Perl",
	    "sudo"),
	ROW("PERL5OPT", DANGEROUS, ANY, "options and module path of Perl",
	    "sudo"),
	ROW("PERLIO_DEBUG", DANGEROUS, ANY, "options and module path of Perl",
	    "sudo"),
	ROW("PERLLIB", DANGEROUS, ANY, "options and module path of Perl",
	    "sudo"),
	ROW("PHPRC", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("PHP_INI_SCAN_DIR", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("PS4", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("PYTHON*", DANGEROUS, ANY, "import path of Python, code at its start",
	    "sudo, Python"),
	ROW("RANDFILE", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL"),
	ROW("READNULLCMD", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("REQUESTS_CA_BUNDLE", DANGEROUS, ANY, "trust anchors, or no checks at all",
	    "by analogy"),
	ROW("RESOLV_HOST_CONF", DANGEROUS, ANY, "redirects name resolution",
	    "glibc, sudo"),
	ROW("RES_OPTIONS", DANGEROUS, ANY, "redirects name resolution",
	    "glibc, sudo"),
	ROW("RUBYLIB", DANGEROUS, ANY, "options and module path of Ruby",
	    "sudo"),
	ROW("RUBYOPT", DANGEROUS, ANY, "options and module path of Ruby",
	    "sudo"),
	ROW("R_ENVIRON*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("R_PROFILE*", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("SCONE_*", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("SGX_*", RESERVED, ANY, "belongs to the LibOS",
	    "Occlum, Confidential Containers"),
	ROW("SHELL", CONSTRAINED, ABSOLUTE, "configuration that is code lies there",
	    "util-linux, sudo"),
	ROW("SHELLOPTS", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("SHLIB_PATH", DANGEROUS, ANY, "the loader runs or preloads other code",
	    "sudo, glibc, util-linux, AppArmor, Gramine"),
	ROW("SKIP_SEALED_SECRET_VERIFICATION", RESERVED, ANY, "changes what attestation and secrets do",
	    "Confidential Containers"),
	ROW("SSLKEYLOGFILE", DANGEROUS, ANY, "TLS secrets are written there",
	    "RFC 9850"),
	ROW("SSL_CERT_DIR", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL, Go"),
	ROW("SSL_CERT_FILE", DANGEROUS, ANY, "provider code, trust anchors or AES-NI of OpenSSL",
	    "OpenSSL, Go"),
	ROW("TCLLIBPATH", DANGEROUS, ANY, "code at the start, or where it is loaded from",
	    "by analogy"),
	ROW("TERM", CONSTRAINED, WORD, "paths and format strings in place of a name",
	    "sudo, util-linux, polkit"),
	ROW("TERMCAP", DANGEROUS, ANY, "a parser reads a file of others",
	    "sudo"),
	ROW("TERMINFO*", DANGEROUS, ANY, "a parser reads a file of others",
	    "sudo"),
	ROW("TERMPATH", DANGEROUS, ANY, "a parser reads a file of others",
	    "sudo"),
	ROW("TMPDIR", CONSTRAINED, ABSOLUTE, "secrets in temporary files",
	    "glibc, sudo"),
	ROW("TMPPREFIX", CONSTRAINED, ABSOLUTE, "secrets in temporary files",
	    "glibc, sudo"),
	ROW("TZ", CONSTRAINED, TIMEZONE, "paths and format strings in place of a name",
	    "sudo"),
	ROW("TZDIR", DANGEROUS, ANY, "modules, catalogs or data are loaded from there",
	    "glibc, sudo"),
	ROW("USER", CONSTRAINED, WORD, "configuration that is code lies there",
	    "util-linux, sudo"),
	ROW("VISUAL", DANGEROUS, ANY, "runs a command",
	    "by analogy"),
	ROW("XDG_*", CONSTRAINED, BASE, "configuration that is code lies there",
	    "util-linux, sudo"),
	ROW("ZDOTDIR", DANGEROUS, ANY, "a shell runs code before the script",
	    "sudo, util-linux"),
	ROW("_JAVA_OPTIONS", DANGEROUS, ANY, "agents and class path of Java",
	    "sudo"),
	ROW("_RLD*", DANGEROUS, ANY, "the loader runs or preloads other code",
	    "sudo, glibc, util-linux, AppArmor, Gramine"),
	ROW("all_proxy", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("ftp_proxy", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("http_proxy", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("https_proxy", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
	ROW("no_proxy", DANGEROUS, ANY, "redirects traffic",
	    "by analogy"),
};

const size_t names_count = sizeof(names_table) / sizeof(names_table[0]);

/* First row whose glob does not start with a byte below. */
static size_t first_row(unsigned char byte)
{
	size_t low = 0, high = names_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((unsigned char)names_table[middle].glob.ptr[0] < byte)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Any glob without a "*" there starts as the name does; most names differ from it soon. */
static bool starts_alike(struct sv glob, struct sv name)
{
	enum { SOON = 4 };

	for (size_t i = 1; i < SOON && i < glob.len && glob.ptr[i] != '*'; i++)
		if (i == name.len || glob.ptr[i] != name.ptr[i])
			return false;
	return true;
}

/* Behind a "*" stands a text that few names hold. */
static bool may_fit(struct sv glob, struct sv name)
{
	struct sv part = sv_skip(glob, 1);

	if (glob.ptr[0] != '*')
		return starts_alike(glob, name);
	part.len = sv_find(part, '*');
	return !part.len || memmem(name.ptr, name.len, part.ptr, part.len);
}

/* The rows have few bytes and at most two "*": enough for any name. */
static bool fits(const struct name_row *row, struct sv name)
{
	uint64_t steps = UINT64_MAX;

	return may_fit(row->glob, name) && glob_match(row->glob, name, &steps);
}

/* Among the rows from `at` on whose globs start with the byte. */
static void find_among(struct sv name, size_t at, char first, uint8_t least,
		       const struct name_row **best)
{
	for (; at < names_count && names_table[at].glob.ptr[0] == first; at++) {
		const struct name_row *row = &names_table[at];

		if (row->class >= least && (!*best || row->class > (*best)->class) &&
		    fits(row, name))
			*best = row;
	}
}

const struct name_row *names_find(struct sv name, uint8_t least)
{
	const struct name_row *best = NULL;

	if (!name.len)
		return NULL;
	find_among(name, 0, '*', least, &best); /* no other sorts before it */
	find_among(name, first_row((unsigned char)name.ptr[0]), name.ptr[0], least, &best);
	return best;
}
