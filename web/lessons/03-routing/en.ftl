title = Finding the way
about = IP addresses, routing and TTL, with one router.

map = Client 10.0.0.1 and server 10.0.1.2 are on two networks with a [[router|router]] between. [[ip|IP]]’s job is to find the way by the address.

next-hop = The client sends a [[datagram]] to server 10.0.1.2. Whose [[mac]] will it ask for first?
    .choice-server = server 10.0.1.2
    .choice-router = router 10.0.0.254
    .choice-nobody = nobody’s
    .why-server = The server is not on this link and cannot hear the question. The route says: the next hop is the router.
    .why-nobody = A frame needs the MAC address of a receiver.
    .after = It asked for the router’s. The [[frame]] goes to the router, yet the IP packet’s destination is 10.0.1.2 from end to end.

router-headers = Now a [[tcp]] connection. How far does the router unpack the frames that pass?
    .choice-none = not at all
    .choice-link = Ethernet comes off; it looks at the IP header
    .choice-tcp = down to the TCP header
    .why-none = To put it on another link, a new Ethernet header is needed.
    .why-tcp = A router has no use for [[port|ports]] or [[seq|sequence numbers]]. TCP is in the hosts at both ends only.
    .after = With what passes, a router uses the link and internet [[layer|layers]] only. TCP segments pass unopened. A connection is what both ends remember.

ttl = The [[ttl|TTL]] in the IP header starts at 64. What is it after one router?
    .why = Each router takes one away.
    .why-same = If it stayed, packets would circle for ever when routes form a loop by mistake.
    .after = Each router takes one away. In spite of its name, TTL counts the hops that are left, not time.

ttl-one = A datagram is sent with TTL 1. What becomes of it?
    .choice-arrives = it reaches the server
    .choice-told = the router drops it and tells the client
    .choice-silent = it vanishes in silence
    .why-arrives = It becomes 0 at the router, and goes no further.
    .why-silent = The router tells the sender by [[icmp|ICMP]] time exceeded.
    .after = The router dropped it and sent [[icmp|ICMP]] time exceeded. With TTL 1, 2, 3 and so on, traceroute collects these to learn the way.

lost = Now a datagram is lost between router and server. What does IP do?
    .choice-resend = the router sends it again
    .choice-told = the client is told
    .choice-nothing = nothing
    .why-resend = A router does not remember what it has sent.
    .why-told = Nobody saw it vanish, so nobody can tell.
    .after = Nothing happened. IP does its best and promises nothing. Making it reliable is left to the layer above: TCP.

vanish = Your turn: send a [[udp]] datagram and drop it on its way, so that the server never gets it.
    .hint-1 = Send with sendto() and pause while the frame is flying.
    .hint-2 = Press the frame and choose “Drop”.
    .done = Done. The sender hears nothing.
end = The internet layer finds the way hop by hop. It promises neither order nor arrival. Routers pass TCP on unopened.
