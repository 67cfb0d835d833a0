/* config_date: see config_date.h. The calendar is the Gregorian one (ISO 8601 4.2.1). */
#include "config/config_date.h"

#include <time.h>

#include "base/ascii.h"

#define LENGTH	    10			   /* YYYY-MM-DD */
#define LAST_SECOND UINT64_C(253402300799) /* of the year 9999 */

static bool read_number(struct slice text, size_t offset, size_t len, int *out)
{
	uint64_t number;
	if (!ascii_parse_uint(slice_at(text, span_of(offset, len)), 9999, &number))
		return false;
	*out = (int)number;
	return true;
}

static bool is_leap_year(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* `month`: 1 to 12. */
static int days_of(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return month == 2 && is_leap_year(year) ? 29 : days[month - 1];
}

bool config_date_parse(struct slice text, int *yyyymmdd)
{
	int year, month, day;
	if (text.len != LENGTH || text.ptr[4] != '-' || text.ptr[7] != '-' ||
		!read_number(text, 0, 4, &year) || !read_number(text, 5, 2, &month) ||
		!read_number(text, 8, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_of(year, month))
		return false;
	*yyyymmdd = (year * 100 + month) * 100 + day;
	return true;
}

bool config_date_is_meant(struct slice text)
{
	for (size_t i = 0; i < 4; i++)
		if (i >= text.len || !ascii_is_digit(text.ptr[i]))
			return false;
	return text.len > 4 && text.ptr[4] == '-';
}

bool config_date_today(const char *epoch, int *yyyymmdd)
{
	uint64_t seconds = 0;
	struct tm now;
	if (epoch != NULL && !ascii_parse_uint(slice_cstr(epoch), LAST_SECOND, &seconds))
		return false;
	time_t moment = epoch != NULL ? (time_t)seconds : time(NULL);
	if (gmtime_r(&moment, &now) == NULL)
		return false;
	*yyyymmdd = ((now.tm_year + 1900) * 100 + now.tm_mon + 1) * 100 + now.tm_mday;
	return true;
}
