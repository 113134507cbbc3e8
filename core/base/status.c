/*
 * Names and phrases of the status values, out of the one list in status.h.
 */
#include "base/status.h"

const char *status_name(int status)
{
    if (status >= 0)
        return "OK";
    switch (status) {
#define X(name, number, phrase)                                                                              \
    case STATUS_##name:                                                                                      \
        return #name;
        STATUS_LIST(X)
#undef X
    default:
        return "EUNKNOWN";
    }
}

const char *status_phrase(int status)
{
    if (status >= 0)
        return "no error";
    switch (status) {
#define X(name, number, phrase)                                                                              \
    case STATUS_##name:                                                                                      \
        return phrase;
        STATUS_LIST(X)
#undef X
    default:
        return "unknown error";
    }
}
