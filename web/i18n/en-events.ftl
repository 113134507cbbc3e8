# What just happened: one sentence for each event.

host-name = { $node ->
    [client] Client
    [server] Server
    [router] Router
    [switch] Switch
   *[other] { $node }
}
subject = { $node ->
    [client] The client
    [server] The server
    [router] The router
    [switch] The switch
   *[other] { $node }
}
owner = { $node ->
    [client] The client’s
    [server] The server’s
    [router] The router’s
    [switch] The switch’s
   *[other] { $node }’s
}
to-whom = { $to ->
    [client] the client
    [server] the server
    [router] the router
    [switch] the switch
   *[other] { $to }
}
from-whom = { $from ->
    [client] the client
    [server] the server
    [router] the router
    [switch] the switch
   *[other] { $from }
}
way = from { from-whom } to { to-whom }
cargo = { $bytes ->
    [0] { $what }
   *[other] { $what } ({ $bytes } bytes)
}
protocol-name = { $protocol ->
    [ethernet] Ethernet
    [arp] ARP
    [ipv4] IPv4
    [ipv6] IPv6
    [icmp] ICMP
    [udp] UDP
    [tcp] TCP
   *[other] { $protocol }
}
layer-of = { $protocol ->
    [ethernet] link layer
    [arp] link layer
    [ipv4] internet layer
    [ipv6] internet layer
    [icmp] internet layer
   *[other] transport layer
}

say-start = Two hosts, one cable. The client is closed, the server waits on port 80. Press connect().
say-action = You asked for { $action }.

say-done-faults = { owner } stack keeps other rules now: you changed them.
say-done-drop-next = You lie in wait on the cable: the next frame of this kind is going to be lost.
say-done-exactly = You changed what happens to certain frames on the cable.
say-done-forge = { subject } sends a segment that you made by hand, past its own stack.

say-call-socket = { owner } program made a socket.
say-call-bind = { owner } program bound its socket to port { $port }.
say-call-listen = { owner } program called listen(). It now waits for connections.
say-call-accept = { owner } program took a finished connection with accept().
say-call-connect = { owner } program called connect(). The rest is the operating system’s work.
say-call-send = { owner } program handed over { $bytes } bytes with send().
say-call-recv = { $bytes ->
    [0] { owner } program called recv() and learned that the stream has ended.
   *[other] { owner } program read { $bytes } bytes with recv().
}
say-call-sendto = { owner } program handed over a datagram of { $bytes } bytes with sendto().
say-call-recvfrom = { owner } program got a datagram of { $bytes } bytes with recvfrom().
say-call-shutdown = { owner } program ended one direction with shutdown().
say-call-close = { owner } program called close(): it has nothing more to send.
say-call-abort = { owner } program aborted the connection.
say-call-setsockopt = { owner } program changed an option of its socket.
say-call-failed = { owner } program called { $call }, and it failed: { $error }.

say-segment-made = { $again ->
    [again] { owner } TCP makes the { $segment } segment again.
   *[new] { $bytes ->
        [0] { owner } TCP makes a segment: { $segment }.
       *[other] { owner } TCP makes a segment with { $bytes } bytes of data.
    }
}
say-segment-syn = { subject } sends a SYN: “Let us connect. My numbers start here.”
say-segment-syn-ack = { subject } sends a SYN+ACK: “Got it. My numbers start here.”
say-segment-ack = { subject } sends an ACK: “I have everything up to here.”
say-segment-data = { subject } sends a segment with { $bytes } bytes of data.
say-segment-fin = { subject } sends a FIN: “Nothing more will come from me.”
say-segment-rst = { subject } sends an RST: “This connection is at an end. Send nothing more.”
say-segment-again = { subject } sends the { $segment } segment again.

say-state = { owner } state changed from { $from } to { $to }.
say-state-listen = { $to ->
    [LISTEN] { subject } opens port { $port } and waits (LISTEN).
   *[other] { subject } stops waiting on port { $port }.
}
say-tcp-discarded = { subject } threw a { $segment } segment away: { discard-reason }.
say-held = { subject } holds { $bytes } bytes that came too early, until the gap is filled.
say-in-order = { subject } received { $bytes } bytes in order.
say-dup-ack = { subject } got the same acknowledgment again: duplicate ACK number { $count }.
say-sacked = { subject } learns that { $bytes } bytes behind a gap have arrived (SACK).
say-lost = { subject } takes { $bytes } bytes for lost, and will send them again.
say-spurious = { subject } finds that nothing was lost, { $evidence ->
    [F_RTO] for what it had not sent again was acknowledged (F-RTO)
    [TIMESTAMP] for the acknowledgment echoes an older timestamp (Eifel)
   *[DSACK] for the peer had all of it twice (DSACK)
}: it takes the reduction of its window back.
say-timer-fired = { $timer ->
    [RETRANSMIT] { owner } retransmission timer ran out: no acknowledgment came.
    [DELAYED_ACK] { owner } delayed-ACK timer ran out: it acknowledges without further waiting.
    [TIME_WAIT] { owner } wait in TIME_WAIT is over.
    [PERSIST] { owner } window-probe timer ran out.
    [KEEPALIVE] { owner } keep-alive timer ran out.
    [REORDERING] { owner } wait for reordered segments is over: what is missing is taken for lost.
    [PACING] { owner } turn to send has come: its segments are spaced (pacing).
    [TAIL_PROBE] { owner } tail-loss-probe timer ran out.
    [OVERRIDE] { owner } wait for a larger window is over: it sends what there is room for.
    [FIN_WAIT_2] { owner } FIN_WAIT_2 timer ran out.
   *[other] { owner } { $timer } timer ran out.
}

say-udp-made = { owner } UDP makes a datagram of { $bytes } bytes.
say-udp-sent = { subject } sends a UDP datagram ({ $bytes } bytes): no connection, no acknowledgment.
say-udp-received = { subject } received a UDP datagram ({ $bytes } bytes).
say-arp-asked = { subject } asks everybody on the link: “Who has { $address }? What is your MAC address?”
say-arp-answered = { subject } tells its MAC address.
say-arp-learned = { subject } has learned the MAC address of { $address }.
say-arp-failed = { subject } never learned the MAC address of { $address }.
say-icmp-sent = { $type ->
    [8] { subject } sends an ICMP echo request: “Are you there?”
    [0] { subject } sends an ICMP echo reply: “Here I am.”
    [3] { subject } sends ICMP destination unreachable.
   *[other] { subject } sends an ICMP message (type { $type }).
}
say-icmp-received = { $type ->
    [8] { subject } received an ICMP echo request.
    [0] { subject } received an ICMP echo reply.
    [3] { subject } received ICMP destination unreachable.
   *[other] { subject } received an ICMP message (type { $type }).
}
say-ping-reply = { subject } got the answer to its ping after { $ms } ms.

say-header-added = { owner } { layer-of } puts { $bytes } bytes of { protocol-name } header in front: { $total } bytes now.
say-header-removed = { owner } { layer-of } takes { $bytes } bytes of { protocol-name } header off.
say-checksum-bad = { owner } { layer-of } finds that the { protocol-name } checksum is wrong.
say-packet-dropped = { owner } { layer-of } dropped this: { drop-reason }.

say-frame-delivered = The frame with { cargo } reached { to-whom }.
say-frame-sent = The frame with { cargo } has left { way }.
say-frame-lost = The frame with { cargo } { way } was lost: { loss-reason }.
say-frame-corrupted = One bit of the frame with { cargo } { way } has flipped.
say-frame-duplicated = The frame with { cargo } { way } has become two.
say-frame-marked = The queue is long: the frame with { cargo } { way } is marked with CE instead of being dropped.
say-frame-delayed = The frame with { cargo } { way } is delayed.
say-link-changed = { $links ->
    [1] The link
   *[other] The link “{ $link }”
} has other settings now.
say-link-down = { $links ->
    [1] The cable
   *[other] The cable of “{ $link }”
} is unplugged.

loss-reason = { $reason ->
    [RANDOM] the link loses some frames
    [QUEUE] the queue in front of the link was full
    [DOWN] the cable is unplugged
    [TOO_BIG] it is larger than this link carries
    [PERSON] you dropped it
    [EXACT] the scenario loses exactly this frame
   *[other] { $reason }
}
drop-reason = { $reason ->
    [MALFORMED] the bytes are not a message of this protocol
    [TRUNCATED] it ends before its length says
    [BAD_FCS] the frame check sequence is wrong
    [BAD_CHECKSUM] the checksum is wrong
    [NOT_FOR_US] it is addressed to somebody else
    [UNKNOWN_PROTOCOL] nobody here handles that protocol
    [NO_ROUTE] there is no route to the destination
    [UNRESOLVED] the next hop did not answer
    [TTL_EXPIRED] its time to live ran out
    [TOO_BIG] it is larger than the link carries
    [FRAGMENT] fragments are not put together here
    [BAD_ADDRESS] its address is impossible
    [NO_PORT] no program waits on that port
    [QUEUE_FULL] a queue was full
    [NO_MEMORY] memory ran out
    [INTERFACE_DOWN] the interface is down
   *[other] { $reason }
}
discard-reason = { $reason ->
    [OUT_OF_WINDOW] it is outside the receive window
    [DUPLICATE] everything in it was received before
    [OLD_TIMESTAMP] its timestamp is an old one (PAWS)
    [NO_TIMESTAMP] it has no timestamp, though both sides agreed on them
    [NO_ACK] it has no ACK, which it must have
    [UNACCEPTABLE_ACK] it acknowledges what was never sent
    [RST_NOT_EXACT] its sequence number is not exactly the one expected
    [SYN_IN_CONNECTION] a SYN in a connection that is open
    [NO_BUFFER] there is no room to keep it
    [CLOSED_TO_DATA] the program will read no more
    [BACKLOG_FULL] too many connections wait for accept()
    [RST_IN_LISTEN] a reset means nothing to a listener
   *[other] { $reason }
}
