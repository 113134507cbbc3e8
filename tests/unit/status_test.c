/*
 * base/status.h: every status has the number of Linux's errno of the same name, a name and a phrase.
 */
#include "base/status.h"
#include "unit/support/property.h"

#include <errno.h>

static void test_numbers_are_errno(void **state)
{
    (void)state;
#ifdef __linux__
#define X(name, number, phrase) assert_int_equal(STATUS_##name, -(name));
    STATUS_LIST(X)
#undef X
#endif
    assert_int_equal(STATUS_ECONNREFUSED, -111);
}

static void test_name(void **state)
{
    (void)state;
    assert_string_equal(status_name(STATUS_ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(status_name(STATUS_ENOENT), "ENOENT");
    assert_string_equal(status_name(STATUS_OK), "OK");
    assert_string_equal(status_name(1460), "OK");
    assert_string_equal(status_name(-9999), "EUNKNOWN");
}

static void test_phrase(void **state)
{
    (void)state;
    assert_string_equal(status_phrase(STATUS_ECONNREFUSED), "connection refused");
    assert_string_equal(status_phrase(STATUS_EAGAIN), "would block");
    assert_string_equal(status_phrase(0), "no error");
    assert_string_equal(status_phrase(-9999), "unknown error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_errno),
        cmocka_unit_test(test_name),
        cmocka_unit_test(test_phrase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
