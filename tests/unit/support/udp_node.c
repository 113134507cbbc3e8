#include "unit/support/udp_node.h"

#include "base/checksum.h"

static void count_ready(void *owner)
{
    struct udp_node *x = owner;
    x->ready_count++;
}

struct udp_node *udp_node_create(void)
{
    struct udp_node *x = calloc(1, sizeof *x);
    assert_non_null(x);
    x->t = node_create((struct node_options){0});
    node_know_neighbours(x->t);
    udp_init(&x->u, &x->t->m, &x->t->ip);
    x->u.ready = count_ready;
    return x;
}

void udp_node_destroy(struct udp_node *x)
{
    for (unsigned i = 0; i < UDP_TABLE_BUCKETS; i++)
        while (x->u.bucket[i])
            udp_close(&x->u, x->u.bucket[i]);
    node_destroy(x->t);
    free(x);
}

struct udp_port *udp_node_open(struct udp_node *x)
{
    struct udp_port *p = udp_open(&x->u);
    assert_non_null(p);
    p->owner = x;
    p->socket = 4;
    return p;
}

struct udp_port *udp_node_bound(struct udp_node *x, struct ip_addr addr, uint16_t port)
{
    struct udp_port *p = udp_node_open(x);
    assert_int_equal(udp_bind(&x->u, p, (struct ip_endpoint){addr, port}), 0);
    return p;
}

struct node_packet udp_node_datagram(struct ip_addr src, struct ip_addr dst, uint16_t dst_port,
                                     const char *text, bool checksum)
{
    uint8_t at[512];
    size_t len = strlen(text);
    uint32_t sum = checksum_copy(at + UDP_HEADER, text, len);
    struct udp_repr r = {
        .src_port = 1000, .dst_port = dst_port, .payload_bytes = (uint16_t)len, .has_checksum = checksum};
    assert_int_equal(udp_emit(&r, room_of(at, sizeof at), src, dst, sum), UDP_HEADER);
    return node_ipv4(src, dst, NULL, bytes_of(at, UDP_HEADER + len));
}

void udp_node_receive(struct udp_node *x, struct ip_addr src, struct ip_addr dst, uint16_t port,
                      const char *text)
{
    struct node_packet p = udp_node_datagram(src, dst, port, text, true);
    node_receive(x->t, 0, &p);
}

int udp_node_read(struct udp_node *x, struct udp_port *p, char text[16])
{
    struct ip_endpoint from;
    uint32_t full;
    memset(text, 0, 16);
    return udp_receive(&x->u, p, room_of(text, 15), &from, &full, false);
}
