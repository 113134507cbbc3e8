title = The three-way handshake
about = SYN, SYN+ACK, ACK: how three segments make a connection, step by step.

closed-listen = The client is CLOSED: no connection. The server is in [[listen|LISTEN]]; its [[port]] has been open since its program called `listen()`.

first-number = The client calls `connect()`. Which [[seq]] will the first segment, the [[syn|SYN]], carry?
    .choice-zero = 0
    .choice-one = 1
    .choice-any = a large number, hard to guess
    .why-zero = The 0 that diagrams show is relative, for easy reading. On the wire it is not 0.
    .why-one = Counting from 1, a segment of an old connection could pass for one of the new; and others could guess it.
    .after = It is {$isn}. This [[isn|initial sequence number]] is chosen anew for each connection, so that old segments do not fit in and others cannot guess it.

next = The SYN is flying, the client is in [[syn-sent|SYN_SENT]]. What will the server answer?
    .why-syn = A bare SYN would not say that the client’s SYN has arrived.
    .why-ack = A bare ACK would not tell the server’s own first number. Both directions need one.
    .why-rst-ack = [[rst]] is the answer where nobody listens. The server is in LISTEN.
    .after = [[syn-ack|SYN+ACK]]: two things in one segment. “I expect {$ack}” (so yours came), and “mine begin at {$seq}”. The server is now in [[syn-rcvd|SYN_RCVD]].

ack-number = The server’s SYN has sequence number {$seq}. Which acknowledgment number will the client’s [[ack]] carry?
    .why = The acknowledgment number is the next one expected; the SYN takes one.
    .why-same = A SYN takes one number, even without data. So the next one is expected.
    .after = One more. A SYN carries no byte, yet takes a number: that is how its arrival can be acknowledged.

both = The client became [[established|ESTABLISHED]] after {$client_ms} ms, the server after {$ms} ms: not at one moment. The server has to get the ACK first.

count = Once more. How many segments until both sides are ESTABLISHED?
    .why = Count what you have just seen.
    .why-two = With two, the server cannot know that its number has arrived. The next lesson shows what follows.
    .why-four = The server’s ACK and SYN travel in one segment.
    .after = SYN, SYN+ACK, ACK. Each direction tells its number and has it acknowledged. What could be four is three.

lose-syn = Your turn: connect anew, drop the SYN, and see that the connection comes about nevertheless.
    .hint-1 = Press connect() and pause while the SYN is flying.
    .hint-2 = Press the SYN’s [[frame]], choose “Drop”, then play.
    .done = Done. After one second the retransmission timer sends the SYN again.
end = Three segments are the least that brings the numbers of both directions together. A SYN takes one number, and the first number is not 0.
