/*
 * The list of commands with their options and their help. Help, the manual page and the shells' completion are
 * all made of it.
 */
#include "native/native.h"

#define SEED_AND_MEMORY                                                                                      \
    {"--seed", "N", "another run of chance than the scenario's"},                                            \
    {                                                                                                        \
        "--memory", "MIB", "memory of the lab (256); a quarter of it keeps frames"                           \
    }

#define RUN_OPTIONS                                                                                          \
    {"--until", "MS",                                                                                        \
     "until that time; else until the scenario's end, else until nothing happens any more"},                 \
        {"--ladder", NULL, "a drawing with a column for each machine instead of lines"},                     \
        {"--color", "WHEN", "auto, always or never; auto heeds NO_COLOR and whether it is a terminal"},      \
        {"--width", "COLUMNS", "of the drawing; else as wide as the terminal"},                              \
        {"--deliveries", NULL, "a line for each frame that arrives, too"}, {"--quiet", NULL, "no lines"},    \
        {"--summary", NULL, "at the end, what each program and each link counted"},                          \
        {"--state", NULL, "at the end, the state of everything, as JSON"},                                   \
        {"--why", "EVENT", "at the end, what led to that event: 51, or frame:4 for a frame and its life"},   \
        {"--numbers", NULL, "the event's number in front of each line, for --why"},                          \
        {"--trace", "FILE", "every event, one JSON object a line"},                                          \
        {"--pcap", "FILE", "the frames, each once, as it was sent (pcapng, for Wireshark)"},                 \
        {"--pcap-at", "NODE[:INTERFACE]", "the frames that this interface sent and received instead"},       \
        SEED_AND_MEMORY,                                                                                     \
    {                                                                                                        \
        0                                                                                                    \
    }

static const struct native_option run_options[] = {
    {"--actions", "FILE", "what people did: a JSON array of {\"at_us\": N, \"command\": {...}}"},
    RUN_OPTIONS};
static const struct native_option replay_options[] = {
    {"--scenario", "FILE", "the scenario, when what is replayed is a bare list of actions"}, RUN_OPTIONS};
static const struct native_option describe_options[] = {
    {"--at", "MS", "at that time (0)"},
    {"--watch", NULL, "from the beginning to --at, a line of JSON each time it changes"},
    {"--every", "MS", "with --watch: look no more often than this (each time something happens)"},
    {"--actions", "FILE", "what people did"},
    SEED_AND_MEMORY,
    {0}};
static const struct native_option seek_options[] = {{"--at", "MS", "that time (0)"},
                                                    {"--next", "N", "lines of what happens next (5)"},
                                                    {"--actions", "FILE", "what people did"},
                                                    SEED_AND_MEMORY,
                                                    {0}};
static const struct native_option diff_options[] = {
    {"--until", "MS", "compare up to that time; else to the end of each"},
    {"--json", NULL, "the result as JSON"},
    {"--limit", "N", "list at most so many segments (50)"},
    SEED_AND_MEMORY,
    {0}};
static const struct native_option dissect_options[] = {
    {"--raw-ip", NULL, "hex: an IP packet without an Ethernet header"},
    {"--fcs", NULL, "hex: the frame ends in a frame check sequence"},
    {"--frame", "N", "a capture: only the N-th frame"},
    {0}};
static const struct native_option analyse_options[] = {
    {"--packets", NULL, "a line for each TCP segment, too"}, {0}};
static const struct native_option url_options[] = {
    {"--actions", "FILE", "what people did"},
    {"--page", "ADDRESS", "put it behind this address and a '#'"},
    {"--decode", NULL, "the other way: print the run of a URL as JSON"},
    {0}};
static const struct native_option schema_options[] = {
    {"--markdown", NULL, "the reference page for people instead of the JSON Schema"}, {0}};
static const struct native_option tap_options[] = {
    {"--device", "NAME", "the device; it is made when it is not there (needed)"},
    {"--address", "ADDRESS/PREFIX", "the host's address (needed)"},
    {"--raw-ip", NULL, "a TUN device: IP packets without Ethernet"},
    {"--gateway", "ADDRESS", "the default route"},
    {"--fast-open", "N", "servers take text in the SYN, of N connections at once (RFC 7413)"},
    {"--app", "SERVER:PORT", "a server: echo, receiver, echo-udp, receiver-udp; may be given again"},
    {"--seed", "N", "for initial sequence numbers and ports; else from the clock"},
    {0}};
static const struct native_option no_options[] = {{0}};

#define RUN_TEXT                                                                                               \
    "A line has the time in seconds, who and whom, what, and the rule that asked for it. The arrows: > sent, " \
    "-x lost, => duplicated, ~> corrupted, >> delivered; * is what a person did. Sequence numbers count from the SYN's.\n"

const struct native_command native_commands[] = {
    {"run", "SCENARIO", "runs a scenario and prints what happens, one line each",
     "SCENARIO is a file, - for standard input, or the URL of a run (tcplab:1:...), whose log is then done, "
     "too.\n" RUN_TEXT,
     run_options, run_command},
    {"replay", "RUN", "does again what people did, to the same bytes",
     "RUN is a URL, a file with one in it, a run document {\"scenario\": ..., \"actions\": [...]}, or the list of "
     "actions alone.\n" RUN_TEXT,
     replay_options, replay_command},
    {"check", "FILE...", "tells all that is wrong with scenarios and lessons, each fault by its path",
     "Each line is FILE: PATH: what was expected and what is there. A good file has one line, FILE: good. "
     "Run documents and URLs are checked as well.\n",
     no_options, check_command},
    {"describe", "SCENARIO [NODE]", "the state of a machine, or of all, as JSON",
     "Sockets with all that TCP knows of a connection, timers, neighbours, routes, programs, queues, counters. Units "
     "stand last in the names; a time that never comes is null.\n",
     describe_options, describe_command},
    {"seek", "SCENARIO", "goes to a time and tells what is there, and what comes next",
     "Connections with their states, frames on their way, programs; then the next lines of the run.\n",
     seek_options, seek_command},
    {"diff", "A B", "where two runs part, and which segments differ from there on",
     "A and B are what run takes. First the first event that differs, in both; then each segment that only one run "
     "has (< A, > B), that was sent at another time (~) or with another window or options (!).\n",
     diff_options, diff_command},
    {"dissect", "FILE", "takes frames apart, field by field",
     "FILE is a capture (pcap or pcapng), or text with the bytes in hexadecimal, blanks and line breaks "
     "allowed; - is standard input.\n",
     dissect_options, dissect_command},
    {"analyse", "FILE", "the TCP connections in a capture, and what went wrong",
     "FILE is a pcap or pcapng of any size, also from a real network; - is standard input. For each connection: how it "
     "began and ended, what its ends' states must have been, windows, round trips, and which segments were sent "
     "again, lost or out of order, as Wireshark would judge them.\n",
     analyse_options, analyse_command},
    {"url", "SCENARIO", "a run as a short text that fits into a URL",
     "The page and run read it. Runs of a lesson's size take at most 2,048 characters; a longer one is told on "
     "standard error.\n",
     url_options, url_command},
    {"schema", "", "the JSON Schema of scenarios, or their reference page", "", schema_options,
     schema_command},
    {"tap", "", "one host on a TAP device, with a real kernel at the other end, until it is stopped",
     "Needs the right to make a TAP device.\n", tap_options, NULL},
    {"completion", "SHELL", "what a shell needs to complete commands and options",
     "SHELL is bash or zsh. For bash: source <(tcplab completion bash). For zsh, into a folder of $fpath: tcplab "
     "completion zsh > _tcplab.\n",
     no_options, completion_command},
    {"manual", "", "this manual as a man page", "tcplab manual | man -l -\n", no_options, manual_command},
    {0}};
