/* mailauth.h: libmailauth, the inspection of a domain's SPF and DMARC records from a program.
 *
 *     struct mailauth_options options = MAILAUTH_OPTIONS_DEFAULT;
 *     char *json;
 *     enum mailauth_level level;
 *     if (mailauth_check(&options, "example.com", &json, &level) == MAILAUTH_OK) {
 *             puts(json);             (the object of mailauth-json(5), schema mailauth/check/1)
 *             mailauth_free(json);
 *     }
 *
 * Thread-safe: calls share nothing.
 */
#ifndef MAILAUTH_MAILAUTH_H
#define MAILAUTH_MAILAUTH_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define MAILAUTH_API __attribute__((visibility("default")))
#else
#define MAILAUTH_API
#endif

/* The verdict on a domain, as `verdict` in the JSON. */
enum mailauth_level { MAILAUTH_PASS, MAILAUTH_WARN, MAILAUTH_FAIL, MAILAUTH_UNKNOWN };

/* Whether there is a verdict at all. */
enum mailauth_status {
	MAILAUTH_OK,
	MAILAUTH_BAD_DOMAIN, /* it cannot be a domain name: a single label, an empty or too long label, an address */
	MAILAUTH_BAD_OPTION, /* a server's address, a zone file or the public suffix list cannot be used */
	MAILAUTH_NO_SERVER,  /* no name server is configured */
	MAILAUTH_NO_MEMORY,
	MAILAUTH_INTERNAL
};

/* Zero or NULL means the default. Strings are borrowed for the call. */
struct mailauth_options {
	const char *const
		*servers; /* "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:5353"; default: resolv.conf */
	size_t server_count;
	const char *const *zone_files; /* master files that answer for the names in them, instead of DNS */
	size_t zone_file_count;
	int offline; /* not 0: DNS is never asked; names outside of the zone files are temporary failures */
	int timeout_ms;	      /* for one question with its retries; default 8000 */
	int max_time_ms;      /* for the inspection; default 20000 (RFC 7208 4.6.4) */
	const char *psl_file; /* public suffix list; default: the newest that is installed */
};

#define MAILAUTH_OPTIONS_DEFAULT                                                                             \
	{                                                                                                    \
		NULL, 0, NULL, 0, 0, 0, 0, NULL                                                              \
	}

/* Inspects `domain` (UTF-8 or A-labels). With MAILAUTH_OK, *json is a NUL-terminated object for
 * mailauth_free(), and *level its verdict; with any other status both are untouched. Either pointer may be
 * NULL. */
MAILAUTH_API enum mailauth_status mailauth_check(
	const struct mailauth_options *options, const char *domain, char **json, enum mailauth_level *level);

/* A short English text for a status; never NULL. */
MAILAUTH_API const char *mailauth_status_text(enum mailauth_status status);

/* Gives back what mailauth_check() made; NULL does nothing. */
MAILAUTH_API void mailauth_free(char *json);

/* "1.2.3" */
MAILAUTH_API const char *mailauth_version(void);

#ifdef __cplusplus
}
#endif

#endif
