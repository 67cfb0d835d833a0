/* config_options: the configuration file of a run, and its lines as options that stand before those of the
 * command line.
 *
 *     .mailauth         option timeout 2s        command line  --timeout 5s --ignore dmarc-p-none
 *                       ignore spf-ptr
 *     options           --ignore spf-ptr --timeout 5s --ignore dmarc-p-none
 *
 * An option that may be given once counts as the command line says. What is to be judged (--input, --zone of
 * lint) is taken from the file only where the command line names nothing. Lines about options that
 * the command does not have are not for it.
 */
#ifndef CLI_CONFIG_OPTIONS_H
#define CLI_CONFIG_OPTIONS_H

#include "cli/options.h"
#include "config/config.h"

/* Reads the file that --config names, or the one that is found unless there is --no-config, and puts its
 * lines into *options. *config is empty without a file, and for a command without --config. False with
 * *error: "FILE:LINE:COLUMN: message", or a file that cannot be read. */
bool config_options_read(
	struct arena *arena, struct options *options, struct config *config, struct slice *error);

#endif
