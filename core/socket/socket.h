/*
 * Sockets: the curtain between programs and the stack. BSD semantics on small integer handles (from 1), never
 * blocking: a call that would wait returns STATUS_EAGAIN (connect: STATUS_EINPROGRESS), and socket_poll()
 * tells when to try again, so that an adapter can make blocking calls out of readiness. Errors are negative
 * statuses with the meaning of the POSIX errno of that name.
 */
#ifndef TCPLAB_SOCKET_SOCKET_H
#define TCPLAB_SOCKET_SOCKET_H

#include "transport/tcp.h"
#include "transport/udp.h"

/* SOCKET_PING is Linux's SOCK_DGRAM/IPPROTO_ICMP: sendto() sends an echo request with the payload, recvfrom()
 * gets the replies. */
enum socket_type { SOCKET_FREE, SOCKET_TCP, SOCKET_UDP, SOCKET_PING };

/* The calls, as the trace names them. X(NAME, "as a program writes it") */
#define SOCKET_CALL_LIST(X)                                                                                  \
    X(SOCKET, "socket()")                                                                                    \
    X(BIND, "bind()")                                                                                        \
    X(LISTEN, "listen()")                                                                                    \
    X(ACCEPT, "accept()")                                                                                    \
    X(CONNECT, "connect()")                                                                                  \
    X(SEND, "send()")                                                                                        \
    X(RECV, "recv()")                                                                                        \
    X(SENDTO, "sendto()")                                                                                    \
    X(RECVFROM, "recvfrom()")                                                                                \
    X(SHUTDOWN, "shutdown()")                                                                                \
    X(CLOSE, "close()")                                                                                      \
    X(ABORT, "abort()")                                                                                      \
    X(SETSOCKOPT, "setsockopt()")

enum socket_call_kind {
#define X(NAME, text) SOCKET_CALL_##NAME,
    SOCKET_CALL_LIST(X)
#undef X
        SOCKET_CALL_COUNT
};

/* Readiness, as poll(2) has it. */
enum socket_ready {
    SOCKET_READABLE = 1,    /* recv() or accept() will not say EAGAIN; end of stream counts */
    SOCKET_WRITABLE = 2,    /* send() will take something */
    SOCKET_READ_HANGUP = 4, /* POLLRDHUP: the peer sends no more */
    SOCKET_HANGUP = 8,      /* POLLHUP: both directions are over */
    SOCKET_ERROR = 16,      /* an error is pending */
    SOCKET_PRIORITY = 32,   /* POLLPRI: urgent bytes are to be read */
};

enum socket_flags {
    SOCKET_PEEK = 1,   /* recv: leave the bytes there */
    SOCKET_MORE = 2,   /* send: more is coming, a partial segment may wait */
    SOCKET_URGENT = 4, /* send: MSG_OOB; its bytes stay in their place in the stream */
};

enum socket_shutdown { SOCKET_SHUT_RD, SOCKET_SHUT_WR, SOCKET_SHUT_RDWR };

/* Options. Values are int64_t; booleans are 0 or 1. X(NAME) */
#define SOCKET_OPTION_LIST(X)                                                                                \
    X(TCP_NODELAY)          /* boolean */                                                                    \
    X(TCP_CORK)             /* boolean: hold partial segments until it is taken off */                       \
    X(TCP_QUICKACK)         /* boolean: no delayed ACKs */                                                   \
    X(TCP_MAXSEG)           /* bytes, 88 to 32767; before the connection is made */                          \
    X(TCP_USER_TIMEOUT)     /* milliseconds that data may stay unacknowledged; 0: retries decide */          \
    X(TCP_CONGESTION)       /* enum tcp_congestion */                                                        \
    X(TCP_ECN)              /* enum tcp_ecn; before the connection is made */                                \
    X(TCP_KEEPIDLE_MS)      /* milliseconds */                                                               \
    X(TCP_KEEPINTVL_MS)     /* milliseconds */                                                               \
    X(TCP_KEEPCNT)          /* probes */                                                                     \
    X(TCP_SYNCNT)           /* how often a SYN is sent again, 1 to 127 */                                    \
    X(TCP_FASTOPEN)         /* a listener's: how many connections may be accepted before their ACK */        \
    X(TCP_FASTOPEN_CONNECT) /* boolean: with a cookie, connect() waits for the first text */                 \
    X(SO_KEEPALIVE)         /* boolean */                                                                    \
    X(SO_LINGER_MS)         /* -1: off; 0: close resets; > 0: for adapters, see socket_close() */            \
    X(SO_REUSEADDR)         /* boolean */                                                                    \
    X(SO_SNDBUF)            /* bytes */                                                                      \
    X(SO_RCVBUF)            /* bytes */                                                                      \
    X(SO_ERROR)             /* read only: the pending error, cleared by reading */                           \
    X(SO_NO_CHECK)          /* boolean, UDP: send without checksum */                                        \
    X(SO_ATMARK)            /* read only: is the next byte the last urgent one? recv() stops there */        \
    X(SO_NREAD)             /* read only: bytes that can be read now (FIONREAD) */                           \
    X(SO_NWRITE)            /* read only: bytes not yet acknowledged or not sent (SIOCOUTQ) */               \
    X(IP_TTL)               /* 1 to 255 */                                                                   \
    X(IP_TOS)               /* 0 to 255 */

enum socket_option {
#define X(NAME) SOCKET_OPT_##NAME,
    SOCKET_OPTION_LIST(X)
#undef X
        SOCKET_OPT_COUNT
};

/* What `ss` or TCP_INFO would tell. For UDP only the addresses and queues are filled. */
struct socket_info {
    enum socket_type type;
    struct ip_endpoint local;
    struct ip_endpoint remote;
    uint32_t readable_bytes;
    uint32_t unsent_bytes; /* in the send buffer, not acknowledged */
    uint32_t accept_queue; /* a listener's connections that wait for accept() */
    uint32_t backlog;
    int error; /* pending, not cleared by looking */
    struct tcp_info tcp;
};

struct sockets;

/* Called when a socket may have become ready (or failed): the host runs the programs that own it. */
typedef void socket_ready_fn(void *context, int handle);

/* `capacity` handles at most; memory from the machine's arena. NULL: out of memory. */
struct sockets *sockets_create(struct machine *m, struct ip *ip, struct tcp *tcp, struct udp *udp,
                               uint32_t capacity);
void sockets_on_ready(struct sockets *s, socket_ready_fn *fn, void *context);

/* A new socket's handle; STATUS_EMFILE, STATUS_ENOMEM, STATUS_EPROTONOSUPPORT. */
int socket_open(struct sockets *s, enum socket_type type);

/* Port 0: any free one. STATUS_EADDRINUSE, STATUS_EADDRNOTAVAIL, STATUS_EINVAL (bound already). */
int socket_bind(struct sockets *s, int handle, struct ip_endpoint local);
int socket_listen(struct sockets *s, int handle, int backlog);

/* The handle of the oldest established connection, its peer in *peer when not NULL. STATUS_EAGAIN when there
 * is none; STATUS_EINVAL when not listening. */
int socket_accept(struct sockets *s, int handle, struct ip_endpoint *peer);

/* TCP: STATUS_EINPROGRESS, then SOCKET_WRITABLE or SOCKET_ERROR. STATUS_EISCONN, STATUS_EALREADY,
 * STATUS_ENETUNREACH ... UDP: 0 at once. With TCP_FASTOPEN_CONNECT and a cookie for that host 0 at once, too: the
 * first socket_send() makes the SYN, so a program that waits for the other to speak would wait for ever. */
int socket_connect(struct sockets *s, int handle, struct ip_endpoint remote);

/* Returns how many bytes were taken (may be fewer), or STATUS_EAGAIN, STATUS_EPIPE, STATUS_ENOTCONN, or the
 * pending error. */
int64_t socket_send(struct sockets *s, int handle, struct bytes data, unsigned flags);

/* Returns how many bytes were given, 0 at the end of the stream, or STATUS_EAGAIN, STATUS_ENOTCONN, or the
 * pending error. */
int64_t socket_recv(struct sockets *s, int handle, struct room into, unsigned flags);

/* UDP and ping. recvfrom returns the bytes copied; *full_len (when not NULL) the datagram's true length. */
int64_t socket_sendto(struct sockets *s, int handle, struct bytes data, struct ip_endpoint to);
int64_t socket_recvfrom(struct sockets *s, int handle, struct room into, struct ip_endpoint *from,
                        uint32_t *full_len, unsigned flags);

int socket_shutdown(struct sockets *s, int handle, enum socket_shutdown how);

/*
 * The handle is gone; the connection lives on in the stack until it has closed, and what is left to be sent is sent.
 * With SO_LINGER_MS 0 it is reset instead, and what is left is lost.
 *
 * A linger time > 0 changes nothing here: POSIX has close() wait for so long, and nothing here waits. The value is
 * kept for an adapter that does: it calls socket_shutdown(SOCKET_SHUT_WR), waits until SO_NWRITE is 0 or the time is
 * over, and closes.
 */
int socket_close(struct sockets *s, int handle);

/* Resets the connection (RFC 9293, 3.10.5) and drops the handle. */
int socket_abort(struct sockets *s, int handle);

int socket_setopt(struct sockets *s, int handle, enum socket_option option, int64_t value);
int socket_getopt(struct sockets *s, int handle, enum socket_option option, int64_t *value);

/* enum socket_ready bits, or STATUS_EBADF. */
int socket_poll(struct sockets *s, int handle);
int socket_info(struct sockets *s, int handle, struct socket_info *out);

/* For going over all: the next open handle after `handle` (0 to begin), or 0. */
int socket_next(const struct sockets *s, int handle);

const char *socket_call_text(enum socket_call_kind call);
const char *socket_option_name(enum socket_option option);

#endif
