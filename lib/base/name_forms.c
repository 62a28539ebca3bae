/* SPDX-License-Identifier: Apache-2.0 */
/* What the value of a constrained name must be. */
#include "base/forms.h"
#include "base/names.h"

static bool is_word(struct sv value)
{
	return form_text(value) && !sv_contains(value, '/') && !sv_contains(value, '%') &&
	       !sv_contains(value, '\t');
}

/* sudoers(5), "TZ": not an absolute path, maybe behind ":", no "..", no white space. */
static bool is_timezone(struct sv value)
{
	struct sv rest, component;

	if (value.len && value.ptr[0] == ':')
		value = sv_skip(value, 1);
	if (!form_text(value) || sv_contains(value, ' ') || sv_contains(value, '\t') ||
	    (value.len && value.ptr[0] == '/'))
		return false;
	for (rest = value; sv_cut(&rest, '/', &component);)
		if (sv_eq(component, SV("..")))
			return false;
	return true;
}

static bool is_service_value(struct sv value)
{
	return form_port(value) || form_ipv4(value) || form_ipv6(value) || form_dns_name(value) ||
	       form_url(value);
}

bool names_form_fits(uint8_t form, struct sv value)
{
	switch ((enum name_form)form) {
	case FORM_ANY:
		return true;
	case FORM_ABSOLUTE:
		return form_abs_path(value);
	case FORM_PATHS:
		return form_path_list(value);
	case FORM_WORD:
		return is_word(value);
	case FORM_TIMEZONE:
		return is_timezone(value);
	case FORM_BASE:
		return is_word(value) || form_path_list(value);
	case FORM_SERVICE:
		break;
	}
	return is_service_value(value);
}
