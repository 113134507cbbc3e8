/*
 * One error type for the whole stack. A call returns a value >= 0 when it worked and a negative `status` when
 * it did not. Names and meanings are those of POSIX errno; the numbers are Linux's, negated, so that an
 * adapter to BSD sockets needs no table.
 */
#ifndef TCPLAB_BASE_STATUS_H
#define TCPLAB_BASE_STATUS_H

/* X(name, Linux errno, phrase in English) */
#define STATUS_LIST(X)                                                                                       \
    X(ENOENT, 2, "no such thing")                                                                            \
    X(EIO, 5, "input/output error")                                                                          \
    X(EBADF, 9, "not an open socket")                                                                        \
    X(EAGAIN, 11, "would block")                                                                             \
    X(ENOMEM, 12, "out of memory")                                                                           \
    X(EACCES, 13, "not permitted")                                                                           \
    X(EEXIST, 17, "exists already")                                                                          \
    X(EINVAL, 22, "invalid argument")                                                                        \
    X(EMFILE, 24, "too many open sockets")                                                                   \
    X(EPIPE, 32, "the sending side is closed")                                                               \
    X(ERANGE, 34, "out of range")                                                                            \
    X(EBADMSG, 74, "malformed message")                                                                      \
    X(EDESTADDRREQ, 89, "destination address required")                                                      \
    X(EMSGSIZE, 90, "message too long")                                                                      \
    X(EPROTOTYPE, 91, "wrong protocol for this socket")                                                      \
    X(ENOPROTOOPT, 92, "no such option")                                                                     \
    X(EPROTONOSUPPORT, 93, "protocol not supported")                                                         \
    X(EOPNOTSUPP, 95, "operation not supported on this socket")                                              \
    X(EAFNOSUPPORT, 97, "address family not supported")                                                      \
    X(EADDRINUSE, 98, "address already in use")                                                              \
    X(EADDRNOTAVAIL, 99, "address is not one of this host's")                                                \
    X(ENETDOWN, 100, "the network is down")                                                                  \
    X(ENETUNREACH, 101, "no route to that network")                                                          \
    X(ECONNABORTED, 103, "connection aborted")                                                               \
    X(ECONNRESET, 104, "connection reset by peer")                                                           \
    X(ENOBUFS, 105, "no buffer space")                                                                       \
    X(EISCONN, 106, "already connected")                                                                     \
    X(ENOTCONN, 107, "not connected")                                                                        \
    X(ETIMEDOUT, 110, "timed out")                                                                           \
    X(ECONNREFUSED, 111, "connection refused")                                                               \
    X(EHOSTUNREACH, 113, "no route to host")                                                                 \
    X(EALREADY, 114, "already in progress")                                                                  \
    X(EINPROGRESS, 115, "now in progress")

enum status {
    STATUS_OK = 0,
#define X(name, number, phrase) STATUS_##name = -(number),
    STATUS_LIST(X)
#undef X
};

/* The POSIX name ("ECONNREFUSED"); "OK" for values >= 0, "EUNKNOWN" for a number that is no status. */
const char *status_name(int status);

/* An English phrase for people ("connection refused"). Never NULL. */
const char *status_phrase(int status);

#endif
