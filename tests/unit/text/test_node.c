/* SPDX-License-Identifier: Apache-2.0 */
/* Nodes that lie apart from their texts, and copies of them that outlive the tree. */
#include "unit/unit.h"

#include "base/limits.h"
#include "text/text.h"

static struct arena texts, nodes;
static struct ocienv_error error;
static struct ocienv_limits limits;

static int setup(void **state)
{
	(void)state;
	arena_init(&texts, NULL, SIZE_MAX);
	arena_init(&nodes, NULL, SIZE_MAX);
	limits = limits_of(NULL);
	memset(&error, 0, sizeof(error));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&nodes);
	arena_free(&texts);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/* The same map as JSON, as YAML that is read line by line and as YAML that is not. */
static const char *const documents[] = {
	"{\"list\": [1], \"text\": \"a\\u0062c\", \"number\": 16, \"map\": {\"k\": \"v\"}}",
	"list:\n- 1\ntext: abc\nnumber: 0x10\nmap:\n  k: v\n",
	"list: [1]\ntext: \"a\\x62c\"\nnumber: 0x10\nmap: &anchor\n  k: v\n",
};
enum { JSON, SIMPLE, EVENTS, FORMS };

static int32_t parse(int form, const struct node **ret)
{
	struct sv text = sv_of(documents[form]);
	struct diag diag = {&error, "doc", text};
	struct text_input in = {text, &diag, &limits, &texts, false, &nodes};
	struct yaml_stream stream = {0, 0, 0};

	return form == JSON ? json_parse(&in, ret) : yaml_next(&in, &stream, ret);
}

static void copies_outlive_the_nodes_and_texts_do_too(void **state)
{
	(void)state;
	for (int form = 0; form < FORMS; form++) {
		const struct node *root = NULL, *kept;
		struct sv text;

		assert_int_equal(parse(form, &root), OCIENV_OK);
		kept = node_keep(root, &texts);
		assert_non_null(kept);
		assert_int_equal(kept->mark.line, root->mark.line);
		arena_free(&nodes);
		assert_int_equal(kept->kind, NODE_MAP);
		assert_int_equal(node_size(kept), 4);
		assert_sv_equal(node_sv(node_key(kept, 1)), "text");
		assert_int_equal(node_string(node_value(kept, 1), &texts, &text), OCIENV_OK);
		assert_sv_equal(text, "abc");
		assert_sv_equal(node_sv(node_value(kept, 2)), "16");
		/* What lies deeper is not there. */
		assert_int_equal(node_value(kept, 0)->kind, NODE_LIST);
		assert_int_equal(node_size(node_value(kept, 0)), 0);
		assert_null(node_value(kept, 0)->children);
		assert_int_equal(node_value(kept, 3)->kind, NODE_MAP);
		assert_int_equal(node_size(node_value(kept, 3)), 0);
	}
}

static void a_single_node_is_kept_as_well(void **state)
{
	const struct node *root = NULL, *number, *list, *map;

	(void)state;
	assert_int_equal(parse(SIMPLE, &root), OCIENV_OK);
	number = node_keep(node_value(root, 2), &texts);
	list = node_keep(node_value(root, 0), &texts);
	map = node_keep_flat(root, &texts);
	arena_free(&nodes);
	assert_sv_equal(node_sv(number), "16");
	assert_int_equal(number->kind, NODE_INT);
	assert_int_equal(list->kind, NODE_LIST);
	assert_int_equal(node_size(list), 0);
	assert_int_equal(map->kind, NODE_MAP);
	assert_int_equal(node_size(map), 0);
	assert_null(map->children);
}

static void nodes_lie_in_their_own_arena(void **state)
{
	(void)state;
	for (int form = 0; form < FORMS; form++) {
		const struct node *root = NULL;

		assert_int_equal(nodes.taken, 0);
		assert_int_equal(parse(form, &root), OCIENV_OK);
		assert_int_not_equal(nodes.taken, 0);
		arena_free(&nodes);
	}
}

static void each_arena_may_be_full(void **state)
{
	struct arena *const full[] = {&nodes, &texts};

	(void)state;
	for (int form = 0; form < FORMS; form++) {
		for (int i = 0; i < 2; i++) {
			const struct node *root = NULL;

			full[i]->limit = 0;
			if (i == 0 || form != JSON) /* whose texts are all views */
				assert_int_equal(parse(form, &root), OCIENV_ERR_LIMIT);
			assert_null(root);
			arena_free(&nodes);
			arena_free(&texts);
			full[i]->limit = SIZE_MAX;
			full[i]->over_limit = false;
		}
	}
}

static void a_copy_takes_memory(void **state)
{
	const struct node *root = NULL;
	struct arena none;

	(void)state;
	arena_init(&none, NULL, 0);
	assert_int_equal(parse(JSON, &root), OCIENV_OK);
	assert_null(node_keep(root, &none));
	assert_null(node_keep_flat(root, &none));
	assert_int_equal(arena_status(&none), OCIENV_ERR_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copies_outlive_the_nodes_and_texts_do_too),
		TEST(a_single_node_is_kept_as_well),
		TEST(nodes_lie_in_their_own_arena),
		TEST(each_arena_may_be_full),
		TEST(a_copy_takes_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
