/* glob: see glob.h.
 *
 *     *.example.com      a.example.com, a.b.example.com; not example.com
 */
#include "inspect/glob.h"

#include "base/ascii.h"

static bool same_letter(char a, char b)
{
	return ascii_lower(a) == ascii_lower(b);
}

/* Names of findings have no final dot; who types one means the same name. */
static struct slice without_final_dot(struct slice name)
{
	bool dotted = name.len > 1 && name.ptr[name.len - 1] == '.';
	return slice_head(name, dotted ? name.len - 1 : name.len);
}

/* After a mismatch only the last `*` can take one byte more. */
bool glob_matches(struct slice glob, struct slice text)
{
	size_t g = 0, t = 0;
	glob = without_final_dot(glob);
	size_t star = glob.len, star_text = 0; /* glob.len: none yet */
	while (t < text.len) {
		if (g < glob.len && glob.ptr[g] == '*') {
			star = g++;
			star_text = t;
		} else if (g < glob.len && same_letter(glob.ptr[g], text.ptr[t])) {
			g++;
			t++;
		} else if (star < glob.len) {
			g = star + 1;
			t = ++star_text;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}
