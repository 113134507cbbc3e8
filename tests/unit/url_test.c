/* Runs as URLs: what comes back is what went in; what was damaged is refused. */
#include "lab/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/checksum.h"
#include "base/rng.h"
#include "base/status.h"
#include "lab/url_dictionary.h"

#define DICTIONARY_CRC 0xec11fe61
#define SAMPLE_URL     "tcplab:1:cpZ2PAIMLwFx78zQAYYBUthFTMMSbkuvo"

static _Alignas(16) uint8_t scratch[URL_SCRATCH_BYTES];

/* Packs, unpacks and compares. Returns the URL's length; the URL is in `url`, of 64 KiB. */
static int64_t there_and_back(char *url, struct bytes text)
{
    const char *why = NULL;
    int64_t len = url_pack(room_of(url, 1 << 17), text, room_of(scratch, sizeof scratch));
    assert_true(len > 0);
    assert_int_equal(strlen(url), len);
    uint8_t *back = malloc(text.len + 1);
    int64_t got = url_unpack(room_of(back, text.len), bytes_of(url, (size_t)len), &why);
    if (got < 0)
        print_error("%s\n", why);
    assert_int_equal(got, text.len);
    assert_memory_equal(back, text.at, text.len);
    free(back);
    return len;
}

static void any_text_comes_back(void **state)
{
    (void)state;
    static char url[1 << 17];
    static uint8_t text[1 << 15];
    struct rng rng;
    rng_seed(&rng, 1, 1);
    for (unsigned round = 0; round < 400; round++) {
        size_t len = rng_u32(&rng) % (round < 300 ? 300 : sizeof text);
        uint32_t alphabet = 1 + rng_u32(&rng) % 256;
        for (size_t i = 0; i < len; i++)
            text[i] = (uint8_t)(round % 3 ? rng_u32(&rng) % alphabet : 'a' + i % alphabet);
        there_and_back(url, bytes_of(text, len));
    }
}

/* Every file that people would send one another fits into what mail programs leave whole. */
static void example_scenarios_fit_into_a_url(void **state)
{
    (void)state;
    static const char *const names[] = {"bulk_lossy", "handshake",         "ping",     "refused",
                                        "routed",     "simultaneous_open", "udp_lossy"};
    static char url[1 << 17];
    static uint8_t json[1 << 14], text[1 << 14];
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "tests/lab/scenarios/%s.json", names[i]);
        FILE *f = fopen(path, "rb");
        assert_non_null(f);
        size_t len = fread(json, 1, sizeof json, f);
        fclose(f);
        len = url_minify(room_of(text, sizeof text), bytes_of(json, len));
        int64_t packed = there_and_back(url, bytes_of(text, len));
        assert_true(packed <= URL_LESSON_MAX);
        assert_true(packed < (int64_t)len * 3 / 4);
    }
}

static const char SAMPLE[] =
    "{\"scenario\":{\"tcplab\":1,\"nodes\":[{\"name\":\"h\xc3\xa9l\"}]},\"actions\":[]}";

/* Whichever character is changed, left out or added: it is refused with a sentence. */
static void damage_is_told(void **state)
{
    (void)state;
    static char url[1 << 17], bad[512];
    static uint8_t text[URL_TEXT_MAX];
    size_t len = (size_t)there_and_back(url, bytes_of(SAMPLE, sizeof SAMPLE - 1));
    const char *why = NULL;
    static const char others[] = "A9_-z!= ";
    for (size_t i = sizeof URL_PREFIX - 1; i < len; i++) {
        for (const char *c = others; *c; c++) {
            if (*c == url[i] || (*c == ' ' && i == len - 1))
                continue;
            memcpy(bad, url, len);
            bad[i] = *c;
            why = NULL;
            assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(bad, len), &why), STATUS_EINVAL);
            assert_non_null(why);
        }
        assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(url, i), &why), STATUS_EINVAL);
        memcpy(bad, url, i);
        memcpy(bad + i, url + i + 1, len - i - 1);
        assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(bad, len - 1), &why), STATUS_EINVAL);
    }
    memcpy(bad, url, len);
    bad[len] = 'A';
    assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(bad, len + 1), &why), STATUS_EINVAL);
    assert_string_equal(why, "this address is damaged: a part is missing, or a character is wrong");
}

static void what_is_no_url_of_a_run_is_told(void **state)
{
    (void)state;
    uint8_t text[64];
    const char *why = NULL;
    static const char other[] = "https://example.org/#lesson", version[] = "tcplab:2:AAAA";
    assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(other, sizeof other - 1), &why),
                     STATUS_EINVAL);
    assert_string_equal(why, "this is not the address of a run: it has no \"tcplab:\" in it");
    assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(version, sizeof version - 1), &why),
                     STATUS_EINVAL);
    assert_string_equal(why, "this address is of a version that is not known here; version 1 is");
    assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(NULL, 0), &why), STATUS_EINVAL);
}

static void the_page_in_front_and_blanks_behind_do_not_matter(void **state)
{
    (void)state;
    static char url[1 << 17], whole[1 << 12];
    uint8_t text[256];
    const char *why = NULL;
    there_and_back(url, bytes_of(SAMPLE, sizeof SAMPLE - 1));
    int len = snprintf(whole, sizeof whole, "https://example.org/lab/?lang=ko#%s\n", url);
    assert_int_equal(url_unpack(room_of(text, sizeof text), bytes_of(whole, (size_t)len), &why),
                     sizeof SAMPLE - 1);
}

static void room_that_is_too_small_is_told(void **state)
{
    (void)state;
    static char url[1 << 17];
    uint8_t text[256];
    const char *why = NULL;
    size_t len = (size_t)there_and_back(url, bytes_of(SAMPLE, sizeof SAMPLE - 1));
    assert_int_equal(url_unpack(room_of(text, sizeof SAMPLE - 2), bytes_of(url, len), &why), STATUS_ENOBUFS);
    assert_int_equal(url_pack(room_of(url, 8), bytes_of(SAMPLE, 8), room_of(scratch, sizeof scratch)),
                     STATUS_ENOBUFS);
    assert_int_equal(url_pack(room_of(url, sizeof url), bytes_of(SAMPLE, 8), room_of(scratch, 8)),
                     STATUS_ENOBUFS);
    assert_int_equal(url_pack(room_of(url, sizeof url), bytes_of(SAMPLE, URL_TEXT_MAX + 1),
                              room_of(scratch, sizeof scratch)),
                     STATUS_EMSGSIZE);
}

/* Version 1 for ever: URLs that were sent around must be read by every later build. */
static void version_1_does_not_change(void **state)
{
    (void)state;
    static char url[1 << 17];
    there_and_back(url, bytes_of(SAMPLE, sizeof SAMPLE - 1));
    assert_int_equal(crc32_of(url_dictionary, URL_DICTIONARY_BYTES), DICTIONARY_CRC);
    assert_string_equal(url, SAMPLE_URL);
}

static void blanks_go_but_not_those_of_texts(void **state)
{
    (void)state;
    static const char json[] = "{ \"a b\" :\n\t[ 1, \"\\\" c\" ] }";
    char out[64];
    size_t len = url_minify(room_of(out, sizeof out), bytes_of(json, sizeof json - 1));
    out[len] = 0;
    assert_string_equal(out, "{\"a b\":[1,\"\\\" c\"]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_text_comes_back),
        cmocka_unit_test(example_scenarios_fit_into_a_url),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(what_is_no_url_of_a_run_is_told),
        cmocka_unit_test(the_page_in_front_and_blanks_behind_do_not_matter),
        cmocka_unit_test(room_that_is_too_small_is_told),
        cmocka_unit_test(version_1_does_not_change),
        cmocka_unit_test(blanks_go_but_not_those_of_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
