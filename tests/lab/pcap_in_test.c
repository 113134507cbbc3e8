/*
 * lab/pcap_in.h: the same packets out of each form of file, whole or in pieces; link headers of all sorts; and nothing
 * but an error out of bytes that cannot be.
 */
#include "lab/pcap_in.h"

#include "base/status.h"
#include "unit/support/property.h"
#include "wire/ipv4.h"

enum { FILE_MAX = 4096, PACKETS = 3 };

struct file {
    uint8_t at[FILE_MAX];
    size_t len;
    bool swapped;
};

static void put32(struct file *f, uint32_t v)
{
    v = f->swapped ? __builtin_bswap32(v) : v;
    memcpy(f->at + f->len, &v, 4);
    f->len += 4;
}

static void put16(struct file *f, uint16_t v)
{
    v = f->swapped ? __builtin_bswap16(v) : v;
    memcpy(f->at + f->len, &v, 2);
    f->len += 2;
}

static void put_bytes(struct file *f, uint8_t fill, size_t len)
{
    memset(f->at + f->len, fill, len);
    f->len += len;
}

/* PACKETS packets, the i-th of 20 + i bytes of value i, at 10 + i seconds and a quarter, of a wire length of 100. */
static void make_classic(struct file *f, bool swapped, bool nanoseconds)
{
    *f = (struct file){.swapped = swapped};
    put32(f, nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
    put16(f, 2);
    put16(f, 4);
    put32(f, 0);
    put32(f, 0);
    put32(f, 65535);
    put32(f, PCAP_ETHERNET);
    for (uint32_t i = 0; i < PACKETS; i++) {
        put32(f, 10 + i);
        put32(f, nanoseconds ? 250000000 : 250000);
        put32(f, 20 + i);
        put32(f, 100);
        put_bytes(f, (uint8_t)i, 20 + i);
    }
}

static void make_ng(struct file *f, bool swapped, uint8_t resolution)
{
    *f = (struct file){.swapped = swapped};
    put32(f, 0x0a0d0d0a);
    put32(f, 28);
    put32(f, 0x1a2b3c4d);
    put16(f, 1);
    put16(f, 0);
    put32(f, UINT32_MAX);
    put32(f, UINT32_MAX);
    put32(f, 28);
    put32(f, 1); /* an interface, with its resolution */
    put32(f, 32);
    put16(f, PCAP_ETHERNET);
    put16(f, 0);
    put32(f, 0);
    put16(f, 9);
    put16(f, 1);
    put_bytes(f, resolution, 1);
    put_bytes(f, 0, 3);
    put32(f, 0);
    put32(f, 32);
    put32(f, 0x99); /* a block of a kind that nobody knows */
    put32(f, 16);
    put32(f, 7);
    put32(f, 16);
    for (uint32_t i = 0; i < PACKETS; i++) {
        uint64_t ticks = resolution == 6   ? (10 + (uint64_t)i) * 1000000 + 250000
                         : resolution == 9 ? (10 + (uint64_t)i) * 1000000000 + 250000000
                                           /* 2^-10 seconds */
                                           : (10 + (uint64_t)i) * 1024 + 256;
        uint32_t padded = (20 + i + 3) / 4 * 4;
        put32(f, 6);
        put32(f, 32 + padded);
        put32(f, 0);
        put32(f, (uint32_t)(ticks >> 32));
        put32(f, (uint32_t)ticks);
        put32(f, 20 + i);
        put32(f, 100);
        put_bytes(f, (uint8_t)i, 20 + i);
        put_bytes(f, 0, padded - 20 - i);
        put32(f, 32 + padded);
    }
}

static void assert_packet(const struct pcap_packet *p, const struct file *f, uint32_t i)
{
    assert_int_equal(p->bytes.len, 20 + i);
    assert_int_equal(p->bytes.at[0], i);
    assert_int_equal(p->wire_bytes, 100);
    assert_int_equal(p->link_type, PCAP_ETHERNET);
    assert_true(p->t_ns == (10 + (int64_t)i) * 1000000000 + 250000000);
    assert_int_equal(f->at[p->position + 19], i); /* where it says that it lies in the file */
}

/* Reads it all, at most `piece` more bytes at a time. How many packets, or the error. */
static int read_in_pieces(const struct file *f, size_t piece, bool check)
{
    struct pcap_in in = {0};
    size_t begin = 0, end = 0;
    int count = 0;
    for (;;) {
        struct pcap_packet p;
        size_t used = 0;
        int status = pcap_in_next(&in, bytes_of(f->at + begin, end - begin), &p, &used);
        if (status < 0)
            return status;
        begin += used;
        assert_true(begin <= end);
        assert_true(in.position == begin);
        if (status > 0 && check)
            assert_packet(&p, f, (uint32_t)count);
        count += status > 0;
        if (status == 0 && end == f->len)
            return count;
        if (status == 0)
            end = f->len - end < piece ? f->len : end + piece;
    }
}

/* A clock centuries away from 1970 is none: the times of two packets can always be subtracted. */
static void test_impossible_times_are_none(void **state)
{
    (void)state;
    enum {
        FIRST_PACKET_HIGH = 28 + 32 + 16 + 12
    }; /* section, interface, unknown block, and into the packet */
    static const uint8_t resolutions[] = {9, 6, 0, 0x80 | 10};
    static struct file f;
    for (size_t i = 0; i < sizeof resolutions; i++) {
        make_ng(&f, false, resolutions[i]);
        memset(f.at + FIRST_PACKET_HIGH + (i == 0), i == 0 ? 0x60 : 0xff, 3);
        struct pcap_in in = {0};
        struct pcap_packet p = {.t_ns = 1};
        size_t at = 0, used = 0;
        for (int status = 0; status == 0; at += used) {
            status = pcap_in_next(&in, bytes_of(f.at + at, f.len - at), &p, &used);
            assert_true(status >= 0 && (status > 0 || used > 0));
        }
        assert_true(p.t_ns == 0);
    }
}

static void test_all_forms_give_the_same_packets(void **state)
{
    (void)state;
    static struct file f;
    for (unsigned form = 0; form < 10; form++) {
        static const uint8_t resolutions[] = {6, 9, 0x80 | 10};
        if (form < 4)
            make_classic(&f, form & 1, form & 2);
        else
            make_ng(&f, form & 1, resolutions[(form - 4) / 2]);
        for (size_t piece = 1; piece < f.len; piece = piece * 2 + 1)
            assert_int_equal(read_in_pieces(&f, piece, true), PACKETS);
        assert_int_equal(read_in_pieces(&f, f.len, true), PACKETS);
    }
}

static void test_a_file_that_is_cut_off_is_read_as_far_as_it_goes(void **state)
{
    (void)state;
    static struct file f;
    make_classic(&f, false, false);
    size_t whole = f.len;
    for (f.len = 0; f.len < whole; f.len++)
        assert_in_range(read_in_pieces(&f, 16, true), 0, PACKETS - 1);
}

static void test_what_cannot_be_is_refused(void **state)
{
    (void)state;
    static struct file f;
    make_classic(&f, false, false);
    f.at[0] ^= 1;
    assert_int_equal(read_in_pieces(&f, f.len, false), STATUS_EBADMSG);
    make_classic(&f, false, false);
    memset(f.at + 24 + 8, 0xff, 4); /* a packet of 4 GiB */
    assert_int_equal(read_in_pieces(&f, f.len, false), STATUS_EBADMSG);
    make_ng(&f, false, 6);
    f.at[28 + 4] = 31; /* a block of a length that is not a multiple of 4 */
    assert_int_equal(read_in_pieces(&f, f.len, false), STATUS_EBADMSG);
    make_ng(&f, false, 6);
    f.at[8] = 0; /* neither byte order */
    assert_int_equal(read_in_pieces(&f, f.len, false), STATUS_EBADMSG);
}

static void test_any_bytes_do_no_harm(void **state)
{
    (void)state;
    static struct file f;
    struct rng r;
    rng_seed(&r, 1, 1);
    for (unsigned round = 0; round < 20000; round++) {
        if (round % 2)
            make_ng(&f, round & 2, 6);
        else
            make_classic(&f, round & 2, false);
        for (unsigned i = 0; i < 4; i++)
            f.at[rng_below(&r, (uint32_t)f.len)] = (uint8_t)rng_below(&r, 256);
        (void)read_in_pieces(&f, 1 + rng_below(&r, 200), false);
    }
}

/* An IPv4 header with protocol 6 and 4 bytes behind it. */
static const uint8_t IPV4[24] = {0x45, 0, 0, 24, 0,  0, 0, 0, 64, 6, 0, 0,
                                 10,   0, 0, 1,  10, 0, 0, 2, 1,  2, 3, 4};

static void assert_ip_behind(uint16_t link_type, const uint8_t *head, size_t head_len, bool is_there)
{
    uint8_t frame[128];
    memcpy(frame, head, head_len);
    memcpy(frame + head_len, IPV4, sizeof IPV4);
    const struct pcap_packet p = {
        .bytes = bytes_of(frame, head_len + sizeof IPV4), .wire_bytes = 100, .link_type = link_type};
    struct bytes ip = pcap_ip_of(&p);
    struct pcap_message m;
    if (!is_there) {
        assert_int_equal(ip.len, 0);
        return;
    }
    assert_ptr_equal(ip.at, frame + head_len);
    assert_true(pcap_message_of(ip, &m));
    assert_int_equal(m.protocol, IP_PROTOCOL_TCP);
    assert_int_equal(m.whole_bytes, 4);
    assert_int_equal(m.bytes.at[3], 4);
    assert_true(ip_addr_equal(m.dst, ip_addr_v4(0x0a000002)));
}

static void test_link_headers(void **state)
{
    (void)state;
    static const uint8_t ethernet[14] = {[12] = 8, [13] = 0};
    static const uint8_t vlan[18] = {[12] = 0x81, [13] = 0, [16] = 8, [17] = 0};
    static const uint8_t qinq[22] = {[12] = 0x88, [13] = 0xa8, [16] = 0x81, [17] = 0, [20] = 8, [21] = 0};
    static const uint8_t arp[14] = {[12] = 8, [13] = 6};
    static const uint8_t sll[16] = {[14] = 8, [15] = 0};
    static const uint8_t sll2[20] = {[0] = 8, [1] = 0};
    static const uint8_t null_le[4] = {2, 0, 0, 0}, loop_be[4] = {0, 0, 0, 2};
    assert_ip_behind(PCAP_ETHERNET, ethernet, sizeof ethernet, true);
    assert_ip_behind(PCAP_ETHERNET, vlan, sizeof vlan, true);
    assert_ip_behind(PCAP_ETHERNET, qinq, sizeof qinq, true);
    assert_ip_behind(PCAP_ETHERNET, arp, sizeof arp, false);
    assert_ip_behind(PCAP_LINUX_SLL, sll, sizeof sll, true);
    assert_ip_behind(PCAP_LINUX_SLL2, sll2, sizeof sll2, true);
    assert_ip_behind(PCAP_NULL, null_le, sizeof null_le, true);
    assert_ip_behind(PCAP_LOOP, loop_be, sizeof loop_be, true);
    assert_ip_behind(PCAP_RAW, ethernet, 0, true);
    assert_ip_behind(PCAP_IPV4, ethernet, 0, true);
    assert_ip_behind(147, ethernet, sizeof ethernet, false);
}

static void test_ipv6_extension_headers_are_passed_over(void **state)
{
    (void)state;
    uint8_t ip[40 + 8 + 8 + 4] = {0x60, [5] = 20, [6] = 0, [7] = 64, [40] = 44, [48] = 6};
    struct pcap_message m;
    assert_true(pcap_message_of(bytes_of(ip, sizeof ip), &m));
    assert_int_equal(m.protocol, IP_PROTOCOL_TCP);
    assert_int_equal(m.whole_bytes, 4);
    assert_false(m.fragment);
    ip[51] = 1; /* more fragments follow */
    assert_true(pcap_message_of(bytes_of(ip, sizeof ip), &m));
    assert_true(m.fragment);
    ip[50] = 1; /* not the first one */
    assert_false(pcap_message_of(bytes_of(ip, sizeof ip), &m));
    for (size_t len = 0; len < 48; len++)
        assert_false(pcap_message_of(bytes_of(ip, len), &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_forms_give_the_same_packets),
        cmocka_unit_test(test_impossible_times_are_none),
        cmocka_unit_test(test_a_file_that_is_cut_off_is_read_as_far_as_it_goes),
        cmocka_unit_test(test_what_cannot_be_is_refused),
        cmocka_unit_test(test_any_bytes_do_no_harm),
        cmocka_unit_test(test_link_headers),
        cmocka_unit_test(test_ipv6_extension_headers_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
