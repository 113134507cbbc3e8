title = TCP and UDP side by side
about = What the two transports do differently on one link.

two-ways = [[udp|UDP]] just sends [[datagram|datagrams]], without a connection. [[tcp|TCP]] connects, and sends again what is lost. Let us compare them on one wire.

first-data = One short text each. Which arrives first?
    .choice-udp = UDP
    .choice-tcp = TCP
    .choice-same = both at once
    .why-tcp = TCP has to shake hands first.
    .why-same = TCP needs a round trip before its data.
    .after = UDP {$udp} ms, TCP {$tcp} ms. For one short message, the round trip to connect is a high price.

calm = Twenty datagrams over a calm link. Will they arrive in order?
    .choice-order = in the order sent
    .choice-mixed = mixed, since it is UDP
    .why-mixed = UDP mixes nothing. Roads do, and this one does not.
    .after = All {$n} came in order. UDP does not promise order; it does not destroy it either.

jitter = Now delays vary, and [[frame|frames]] overtake each other. Both send 10,000 bytes. Whose program gets them out of order?
    .choice-udp-only = UDP’s only
    .choice-both = both
    .choice-neither = neither
    .why-both = TCP puts them in their places by [[seq]] first.
    .why-neither = UDP has no sequence numbers; it gives what comes as it comes.
    .after = UDP’s order broke {$falls} times. TCP, too, got later ones first, {$held} times, but held them and gave all in order.

lossy = Now 15 % of the client’s frames are lost. Both send 20,000 bytes. What is missing after five seconds?
    .choice-both-whole = nothing, with both
    .choice-udp-gaps = some of UDP’s only
    .choice-both-gaps = some of both
    .why-both-whole = UDP does not know what is lost and sends nothing again.
    .why-both-gaps = TCP sends again what is not acknowledged.
    .after = UDP has lost {$lost} datagrams for good; TCP sent {$again} segments again and is whole.

streaming = In music or video, a late piece is often of no use, so going on without it, as UDP does, suits well. A file wants TCP.

own-resend = To send a file whole over UDP, the program must confirm by itself: send one, wait for an answer, five times, some 5,000 bytes. Which is done first? (TCP has to connect, too.)
    .choice-udp = UDP
    .choice-tcp = TCP
    .why-udp = It waits a round trip for each. TCP has many on the road at once.
    .after = Made on UDP: {$udp} ms; TCP, connecting included: {$tcp} ms. UDP is not always faster. It is fast because it does less.

compare = Your turn: connect anew, then drop one TCP data segment and one UDP datagram on their way, and see what arrives.
    .hint-1 = After connect(), send() and drop it in flight.
    .hint-2 = Then sendto(), and drop that, too. Then play.
    .done = Done. TCP sends again; UDP does not.
end = UDP sends without connection or promise. TCP minds order and loss. Which is faster depends on the job.
