/*
 * Addresses as text and the special ranges. Parsing is strict: what people type into a scenario must mean one
 * thing only, so "010" (octal to some, decimal to others), three-part quads and trailing characters are
 * refused.
 *
 * Text of IPv6: RFC 4291, section 2.2 in, RFC 5952, section 4 out. Left out on purpose: zone identifiers (RFC
 * 4007), because a simulated host names its interface apart, and the mixed notation of RFC 5952, section 5 on
 * output.
 */
#include "base/address.h"

#include "base/status.h"

bool ip_addr_is_loopback(struct ip_addr a)
{
    return ip_addr_is_v4(a) ? (uint32_t)a.lo >> 24 == 127 : a.hi == 0 && a.lo == 1;
}

bool ip_addr_is_multicast(struct ip_addr a)
{
    return ip_addr_is_v4(a) ? (uint32_t)a.lo >> 28 == 0xe : a.hi >> 56 == 0xff;
}

bool ip_addr_is_limited_broadcast(struct ip_addr a)
{
    return a.hi == 0 && a.lo == (IPV4_MAPPED_PREFIX | 0xffffffffu);
}

bool ip_addr_same_net(struct ip_addr a, struct ip_addr b, unsigned prefix)
{
    if (ip_addr_is_v4(a) != ip_addr_is_v4(b))
        return false;
    if (ip_addr_is_v4(a)) {
        assert(prefix <= 32);
        prefix += 96;
    }
    assert(prefix <= 128);
    uint64_t hi = a.hi ^ b.hi;
    uint64_t lo = a.lo ^ b.lo;
    if (prefix == 0)
        return true;
    if (prefix <= 64)
        return hi >> (64 - prefix) == 0;
    return hi == 0 && lo >> (128 - prefix) == 0;
}

static int digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Takes digits of `base` from the front of `text`, at most `digits_max`. Returns how many there were. */
static size_t number_take(struct bytes *text, int base, size_t digits_max, uint32_t *out)
{
    size_t n = 0;
    *out = 0;
    while (n < digits_max && n < text->len) {
        int digit = digit_of(text->at[n]);
        if (digit < 0 || digit >= base)
            break;
        *out = *out * (uint32_t)base + (uint32_t)digit;
        n++;
    }
    *text = bytes_from(*text, n);
    return n;
}

static bool char_take(struct bytes *text, char c)
{
    if (text->len == 0 || text->at[0] != (uint8_t)c)
        return false;
    *text = bytes_from(*text, 1);
    return true;
}

/* All of `text` as "a.b.c.d". */
static int quad_parse(uint32_t *out, struct bytes text)
{
    uint32_t addr = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t octet = 0;
        if (i > 0 && !char_take(&text, '.'))
            return STATUS_EINVAL;
        bool zero_first = text.len > 0 && text.at[0] == '0';
        size_t digits = number_take(&text, 10, 3, &octet);
        if (digits == 0 || (zero_first && digits > 1) || octet > 255)
            return STATUS_EINVAL;
        addr = addr << 8 | octet;
    }
    if (text.len > 0)
        return STATUS_EINVAL;
    *out = addr;
    return STATUS_OK;
}

enum { GROUPS = 8 };

/* The groups of an IPv6 address as they are read; `gap` is where "::" stood, -1 when it did not. */
struct groups {
    uint16_t at[GROUPS];
    int count;
    int gap;
};

/* Takes one group, or the dotted quad that may end the text as two groups. */
static bool group_take(struct groups *g, struct bytes *text)
{
    struct bytes start = *text;
    uint32_t value = 0;
    if (number_take(text, 16, 4, &value) == 0)
        return false;
    if (text->len > 0 && text->at[0] == '.') {
        if (g->count > GROUPS - 2 || quad_parse(&value, start) < 0)
            return false;
        g->at[g->count++] = (uint16_t)(value >> 16);
        *text = bytes_from(*text, text->len);
    }
    if (g->count == GROUPS)
        return false;
    g->at[g->count++] = (uint16_t)value;
    return true;
}

static bool groups_take(struct groups *g, struct bytes text)
{
    *g = (struct groups){.gap = -1};
    if (text.len >= 2 && text.at[0] == ':' && text.at[1] == ':') {
        text = bytes_from(text, 2);
        g->gap = 0;
        if (text.len == 0)
            return true;
    }
    for (;;) {
        if (!group_take(g, &text))
            return false;
        if (text.len == 0)
            break;
        if (!char_take(&text, ':'))
            return false;
        if (char_take(&text, ':')) {
            if (g->gap >= 0)
                return false;
            g->gap = g->count;
            if (text.len == 0)
                break;
        }
    }
    /* "::" stands for one group at least (RFC 4291, section 2.2). */
    return g->gap < 0 ? g->count == GROUPS : g->count < GROUPS;
}

static int v6_parse(struct ip_addr *out, struct bytes text)
{
    struct groups g;
    if (!groups_take(&g, text))
        return STATUS_EINVAL;
    uint64_t half[2] = {0, 0};
    for (int i = 0; i < g.count; i++) {
        bool behind_gap = g.gap >= 0 && i >= g.gap;
        int place = behind_gap ? i + GROUPS - g.count : i;
        half[place / 4] |= (uint64_t)g.at[i] << (16 * (3 - place % 4));
    }
    *out = (struct ip_addr){half[0], half[1]};
    return STATUS_OK;
}

int ip_addr_parse(struct ip_addr *out, struct bytes text)
{
    if (text.len == 0)
        return STATUS_EINVAL;
    if (memchr(text.at, ':', text.len))
        return v6_parse(out, text);
    uint32_t v4 = 0;
    int status = quad_parse(&v4, text);
    if (status == STATUS_OK)
        *out = ip_addr_v4(v4);
    return status;
}

/* Appends `v` in `base`, without leading zeros. Returns the place after it. */
static char *number_put(char *p, uint32_t v, uint32_t base)
{
    char digit[10];
    size_t n = 0;
    do {
        digit[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v > 0);
    while (n > 0)
        *p++ = digit[--n];
    return p;
}

static char *quad_put(char *p, uint32_t v4)
{
    for (int shift = 24; shift >= 0; shift -= 8) {
        p = number_put(p, v4 >> shift & 0xff, 10);
        if (shift > 0)
            *p++ = '.';
    }
    return p;
}

static uint16_t group_at(struct ip_addr a, int i)
{
    assert(i >= 0 && i < GROUPS);
    return (uint16_t)((i < 4 ? a.hi : a.lo) >> (16 * (3 - i % 4)));
}

/* The longest run of zero groups, the first of equals (RFC 5952, section 4.2.3). Returns its length and where
 * it begins. */
static int zero_run(struct ip_addr a, int *start)
{
    int best = 0;
    int run = 0;
    for (int i = 0; i < GROUPS; i++) {
        run = group_at(a, i) == 0 ? run + 1 : 0;
        if (run > best) {
            best = run;
            *start = i - run + 1;
        }
    }
    return best;
}

static char *v6_put(char *p, struct ip_addr a)
{
    int gap = 0;
    int gap_len = zero_run(a, &gap);
    if (gap_len < 2) { /* one group of zeros is not shortened (RFC 5952, section 4.2.2) */
        gap = GROUPS;
        gap_len = 0;
    }
    for (int i = 0; i < GROUPS; i++) {
        if (i == gap) {
            *p++ = ':';
            *p++ = ':';
            i += gap_len - 1;
            continue;
        }
        if (i > 0 && i != gap + gap_len)
            *p++ = ':';
        p = number_put(p, group_at(a, i), 16);
    }
    return p;
}

size_t ip_addr_format(struct ip_addr a, char text[IP_ADDR_TEXT_MAX])
{
    char *end = ip_addr_is_v4(a) ? quad_put(text, (uint32_t)a.lo) : v6_put(text, a);
    *end = '\0';
    size_t len = (size_t)(end - text);
    assert(len < IP_ADDR_TEXT_MAX);
    return len;
}

size_t ip_endpoint_format(struct ip_endpoint e, char text[IP_ENDPOINT_TEXT_MAX])
{
    bool v4 = ip_addr_is_v4(e.addr);
    char *p = text;
    if (!v4)
        *p++ = '[';
    p += ip_addr_format(e.addr, p);
    if (!v4)
        *p++ = ']';
    *p++ = ':';
    p = number_put(p, e.port, 10);
    *p = '\0';
    size_t len = (size_t)(p - text);
    assert(len < IP_ENDPOINT_TEXT_MAX);
    return len;
}

int mac_addr_parse(struct mac_addr *out, struct bytes text)
{
    struct mac_addr mac;
    for (size_t i = 0; i < sizeof mac.octet; i++) {
        uint32_t octet = 0;
        if ((i > 0 && !char_take(&text, ':')) || number_take(&text, 16, 2, &octet) != 2)
            return STATUS_EINVAL;
        mac.octet[i] = (uint8_t)octet;
    }
    if (text.len > 0)
        return STATUS_EINVAL;
    *out = mac;
    return STATUS_OK;
}

size_t mac_addr_format(struct mac_addr a, char text[MAC_ADDR_TEXT_MAX])
{
    char *p = text;
    for (size_t i = 0; i < sizeof a.octet; i++) {
        if (i > 0)
            *p++ = ':';
        *p++ = "0123456789abcdef"[a.octet[i] >> 4];
        *p++ = "0123456789abcdef"[a.octet[i] & 15];
    }
    *p = '\0';
    return (size_t)(p - text);
}
