/*
 * `tcplab`: which command is meant, and help.
 */
#include "native/native.h"

static const char help[] =
    "TCP Lab " TCPLAB_VERSION
    ": machines, links and one clock, and a TCP/IP stack that says why it sends what it sends.\n"
    "\n"
    "  tcplab run SCENARIO [options]   runs a scenario and prints what happens, one line each\n"
    "      --seed N          another run of chance than the scenario's\n"
    "      --until MS        until that time; else until the scenario's end_ms, else until nothing happens any more\n"
    "      --actions FILE    what people did: a JSON array of {\"at_us\": N, \"command\": {...}}\n"
    "      --trace FILE      every event, one JSON object a line\n"
    "      --pcap FILE       the frames, each once, as it was sent (pcapng, for Wireshark)\n"
    "      --pcap-at NODE[:INTERFACE]   the frames that this interface sent and received instead\n"
    "      --deliveries      a line for each frame that arrives, too\n"
    "      --quiet           no lines\n"
    "      --summary         at the end, what each program and each link counted\n"
    "      --state           at the end, the state of everything, as JSON\n"
    "      --memory MIB      memory of the lab (default: 256); a quarter of it keeps frames\n"
    "  tcplab check FILE...            tells all that is wrong with scenarios, each fault by its path\n"
    "  tcplab tap --device NAME --address ADDRESS/PREFIX [options]   one host on a TAP device, until it is stopped\n"
    "      --raw-ip          a TUN device: IP packets without Ethernet\n"
    "      --gateway ADDRESS the default route\n"
    "      --app SERVER:PORT a server: echo, receiver, echo-udp, receiver-udp; may be given again\n"
    "      --seed N          for initial sequence numbers and ports; else from the clock\n"
    "  tcplab --help, --version\n"
    "\n"
    "A line of `run`: time in seconds, who and whom, what, and the rule that asked for it. > sent, -x lost, => duplicated,\n"
    "~> corrupted, >> delivered. Sequence numbers count from the SYN's. FILE can be - for standard input.\n"
    "\n"
    "Exit codes: 0 done; 1 a file or memory is not to be had; 2 the input is at fault; 3 an action of the scenario failed.\n";

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "run") == 0)
        return run_main(argc - 2, argv + 2);
    if (strcmp(command, "check") == 0)
        return check_main(argc - 2, argv + 2);
    if (strcmp(command, "tap") == 0)
        return tap_main(argc - 2, argv + 2);
    if (strcmp(command, "--version") == 0) {
        puts("tcplab " TCPLAB_VERSION);
        return EXIT_GOOD;
    }
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0 || strcmp(command, "help") == 0) {
        fputs(help, stdout);
        return EXIT_GOOD;
    }
    if (command[0])
        fprintf(stderr, "tcplab: there is no command \"%s\".\n\n", command);
    fputs(help, stderr);
    return EXIT_INPUT;
}
