/* progress: see progress.h. */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/terminal.h"

#define INTERVAL_MS 200

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_init(struct progress *progress, bool wanted)
{
	*progress = (struct progress){.enabled = wanted && terminal_can_erase(STDERR_FILENO)};
	progress->shares_terminal = progress->enabled && isatty(STDOUT_FILENO);
	pthread_mutex_init(&progress->lock, NULL);
	/* What is done in an instant needs no line. */
	progress->next_ms = now_ms() + INTERVAL_MS;
}

static void draw(struct progress *progress, size_t done)
{
	if (now_ms() < progress->next_ms)
		return;
	fprintf(stderr, "\r\033[K%zu domains done", done);
	fflush(stderr);
	progress->shown = true;
	progress->next_ms = now_ms() + INTERVAL_MS;
}

static void erase(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}

void progress_show(struct progress *progress, size_t done)
{
	/* While results are being written, the line waits for the next time. */
	if (!progress->enabled || pthread_mutex_trylock(&progress->lock) != 0)
		return;
	draw(progress, done);
	pthread_mutex_unlock(&progress->lock);
}

void progress_pause(struct progress *progress)
{
	if (!progress->shares_terminal)
		return;
	pthread_mutex_lock(&progress->lock);
	erase(progress);
}

void progress_resume(struct progress *progress)
{
	if (progress->shares_terminal)
		pthread_mutex_unlock(&progress->lock);
}

void progress_end(struct progress *progress)
{
	erase(progress);
	progress->enabled = false;
	pthread_mutex_destroy(&progress->lock);
}
