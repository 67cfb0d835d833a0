/* sample_verdict: verdicts made by hand, for the tests of writers.
 *
 * example.com has an SPF record with an include, an unresolved term and an exp; its DMARC record is p=none
 * and reports to itself and to another organization. Tests change what they need.
 */
#ifndef SUPPORT_SAMPLE_VERDICT_H
#define SUPPORT_SAMPLE_VERDICT_H

#include "inspect/verdict.h"

/* The whole verdict without findings, level pass. Everything it points to may be changed through the
 * pointers below. */
struct sample_verdict {
	struct verdict verdict;
	struct spf_tree tree;
	struct spf_node root, child;
	struct spf_selection root_selection, child_selection;
	struct record root_txt, child_txt;
	struct answer root_answer, child_answer;
	struct spf_record root_record, child_record;
	struct spf_term root_terms[5], child_terms[2];
	struct spf_tree_term root_tree_terms[5], child_tree_terms[2];
	struct spf_explanation explanation;
	struct answer explanation_answer;
	struct record dmarc_txt;
	struct answer dmarc_answer;
	const struct dmarc_record *dmarc_record;
	struct dmarc_uri uris[2];
	struct dmarc_destination destinations[2];
	struct answer failure;
	const struct answer *failures[1];
};

/* Memory from `arena`. */
struct sample_verdict *sample_verdict(struct arena *arena);

/* A name that must be one. */
struct name sample_name(struct arena *arena, const char *text);

/* Makes `text` the record of `txt`, in one string. */
void sample_set_text(struct arena *arena, struct record *txt, struct slice text);

/* Adds the temporary failure of _spf.example.org TXT. */
void sample_add_failure(struct arena *arena, struct sample_verdict *sample, enum dns_failure failure);

#endif
