/* sarif_rules: see sarif_rules.h.
 *
 * Severities are those of the table; what the user made of them (--severity) is in the results. GitHub's code
 * scanning reads the properties tags, precision and problem.severity.
 */
#include "report/sarif_rules.h"

#include "base/ascii.h"
#include "report/json.h"
#include "report/report_item.h"

#define MARGIN "\n          "

static const size_t rule_count = RULE_COUNT;

static const struct {
	const char *id, *text;
} notifications[] = {
	[SARIF_RULES_INCOMPLETE] = {REPORT_ITEM_INCOMPLETE,
		"DNS did not answer everything, so something may be hidden"},
	[SARIF_RULES_BAD_INPUT] = {REPORT_ITEM_BAD_INPUT, "something in the input could not be read"},
	[SARIF_RULES_OMITTED] = {"findings-omitted", "there were too many findings to tell all of them"},
};

const char *sarif_rules_level(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_INFO:
		return "note";
	case SEVERITY_OFF:
		break;
	}
	return "none";
}

const char *sarif_rules_notification_id(enum sarif_rules_notification kind)
{
	return notifications[kind].id;
}

/* Text that Markdown is to show as it is. */
static void put_plain(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (ascii_is_one_of(*text, "\\`*_[]<>#|"))
			buf_byte(out, '\\');
		buf_byte(out, *text);
	}
}

static void put_example(struct buf *out, const char *title, const char *example, bool markdown)
{
	size_t len = strlen(example);
	const char *line_end = len > 0 && example[len - 1] == '\n' ? "" : "\n";
	buf_printf(out, markdown ? "\n\n%s:\n\n```\n%s%s```" : "\n\n%s:\n%s%s", title, example, line_end);
}

static void put_reference(struct buf *out, const struct rule *rule)
{
	if (rule->standard[0] == '\0')
		return;
	buf_printf(out, "\n\n%s", rule->standard);
	if (rule->section[0] != '\0')
		buf_printf(out, " section %s", rule->section);
}

/* The help of a rule: what `mailauth explain RULE` says, in short. */
static void put_help(struct buf *out, const struct rule *rule, bool markdown)
{
	if (markdown)
		put_plain(out, rule->explanation);
	else
		buf_text(out, rule->explanation);
	if (rule->bad[0] != '\0') {
		put_example(out, "Wrong", rule->bad, markdown);
		put_example(out, "Right", rule->good, markdown);
	}
	put_reference(out, rule);
}

static void put_help_key(struct json *json, const char *key, const struct rule *rule, bool markdown)
{
	struct buf help;
	buf_init(&help);
	put_help(&help, rule, markdown);
	json_key(json, key);
	json_string(json, buf_slice(&help));
	json->out->failed = json->out->failed || help.failed;
	buf_free(&help);
}

static void put_text_object(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_object(json);
	json_key(json, "text");
	json_text(json, text);
	json_end_object(json);
}

static const char *problem_severity(enum severity severity)
{
	switch (severity) {
	case SEVERITY_ERROR:
		return "error";
	case SEVERITY_WARNING:
		return "warning";
	case SEVERITY_INFO:
	case SEVERITY_OFF:
		break;
	}
	return "recommendation";
}

/* The word before the first "-" of the id is the rule's subject. */
static void put_properties(struct json *json, const struct rule *rule)
{
	struct slice id = slice_cstr(rule->id);
	json_key(json, "properties");
	json_object(json);
	json_key(json, "tags");
	json_array(json);
	json_text(json, "dns");
	json_text(json, "mail");
	json_string(json, slice_head(id, slice_find(id, '-', 0)));
	json_end_array(json);
	json_key(json, "precision");
	json_text(json, "very-high");
	json_key(json, "problem.severity");
	json_text(json, problem_severity(rule->severity));
	json_end_object(json);
}

static void put_rule(struct json *json, const struct rule *rule)
{
	json_object(json);
	json_key(json, "id");
	json_text(json, rule->id);
	put_text_object(json, "shortDescription", rule->summary);
	put_text_object(json, "fullDescription", rule->explanation);
	json_key(json, "help");
	json_object(json);
	put_help_key(json, "text", rule, false);
	put_help_key(json, "markdown", rule, true);
	json_end_object(json);
	json_key(json, "defaultConfiguration");
	json_object(json);
	json_key(json, "level");
	json_text(json, sarif_rules_level(rule->severity));
	json_end_object(json);
	put_properties(json, rule);
	json_end_object(json);
}

static void put_notifications(struct buf *out)
{
	buf_text(out, ",\n        \"notifications\": [");
	for (size_t i = 0; i < sizeof notifications / sizeof notifications[0]; i++) {
		struct json json;
		buf_text(out, i > 0 ? "," MARGIN : MARGIN);
		json_init(&json, out, NULL, false, 0);
		json_object(&json);
		json_key(&json, "id");
		json_text(&json, notifications[i].id);
		put_text_object(&json, "shortDescription", notifications[i].text);
		json_end_object(&json);
	}
	buf_text(out, "\n        ]");
}

/* Keys and texts of the table need no escape, so no arena is needed either. */
void sarif_rules_put(struct buf *out)
{
	buf_text(out,
		"{\"driver\": {\n        \"name\": \"mailauth\",\n        \"version\": \"" MAILAUTH_VERSION
		"\",\n        \"informationUri\": \"urn:mailauth:manual\",\n        \"rules\": [");
	for (size_t i = 0; i < rule_count; i++) {
		struct json json;
		buf_text(out, i > 0 ? "," MARGIN : MARGIN);
		json_init(&json, out, NULL, false, 0);
		put_rule(&json, rule_get((enum rule_id)i));
	}
	buf_text(out, "\n        ]");
	put_notifications(out);
	buf_text(out, "\n      }}");
}
