# What is said only where there is more than one cable: of switches and routers. It comes with lab-net.

say-start-net = Nothing has been sent yet. Between the client and the server there is a network. Press connect().

which-switch = { $node ->
    [switch] The switch
   *[other] The switch { $node }
}
at-port = { $port ->
    [client] the port to the client
    [server] the port to the server
    [router] the port to the router
    [switch] the port to the switch
   *[other] the port to { $port }
}
say-switch-learned = { which-switch } learns that { $mac } is { $moved ->
    [0] at { at-port }
   *[other] at { at-port } now
}.
say-switch-forwarded = { which-switch } sends the frame with { cargo } out by { at-port } only: it has learned who is there.
say-switch-flooded = { which-switch } sends the frame with { cargo } out by all { $ports } other ports: { $reason ->
    [BROADCAST] it is for everybody.
    [MULTICAST] it is for a group.
   *[other] it has not learned yet where the receiver is.
}
say-switch-filtered = { which-switch } keeps the frame with { cargo }: { $reason ->
    [RESERVED] its address is for the next station only.
   *[other] the receiver is on the side it came from.
}
say-switch-forgot = { which-switch } forgets { $mac } at { at-port }: { $reason ->
    [AGED] nothing was heard of it for long.
    [PORT_DOWN] the cable there was unplugged.
   *[other] the table was full, and it was unheard for longest.
}

rule-icmp-net-unreachable = A router without a route answers with ICMP destination unreachable.
rule-icmp-host-unreachable = A router that finds nobody at the next hop answers with ICMP host unreachable.
rule-icmp-time-exceeded = A packet whose time to live runs out is dropped and its sender is told.
rule-icmp-too-big = A packet too large for the next link that must not be fragmented is dropped and its sender is told the size that fits.
rule-switch-learn = Who sends a frame is behind the port at which it arrived.
rule-switch-forward = The destination is behind a known port: the frame goes out there and nowhere else.
rule-switch-flood = It is not known where the destination is, or it is for many: the frame goes out by every other port.
rule-switch-filter = The destination is on the side the frame came from: it goes no further.
rule-switch-age = Who was not heard for the ageing time is forgotten.
