title = Be the stack
about = You are the server’s TCP: decide what to send for each segment that comes in.

your-job = From now on you are the server’s [[tcp]]. For each segment, decide on the answer. The real stack judges.

syn-in = A [[syn]] comes in for [[port]] 80, with [[seq]] {$seq}. You are in [[listen]].

your-flags = Which flags do you answer with?
    .why-ack = You have to tell your own first number, too.
    .why-syn = You have to say, too, that the peer’s SYN has come.
    .why-rst-ack = A program is listening; there is nothing to refuse.
    .after = [[syn-ack]]: it acknowledges the peer’s number and tells your own.

settle = The [[ack]] has come. You are [[established]].

your-ack = 300 bytes of data come in, from byte 1 on. Which acknowledgment number do you write? (relative)
    .why = Write the next byte you expect.
    .why-packets = Count bytes, not segments.
    .why-same = That would say that nothing has come.
    .why-minus-one = It is not the last byte received but the next expected.
    .after = 1 + 300: you expect byte 301. It went out after a short wait ([[delayed-ack|delayed ACK]]).

gap = The next 100 bytes (301 to 400) are late, and the 100 after (401 to 500) come first. Which acknowledgment number do you write? (relative)
    .why = You can acknowledge only up to the first gap.
    .why-newest = 301 to 400 are missing. With 501 you would say that they have come.
    .why-middle = The gap begins at 301; that is what you expect.
    .after = Still 301. The {$held} bytes that came early are kept, and a [[duplicate-ack]] tells of the gap at once.

filled = The late one is here. With the gap filled, the acknowledgment jumped to {$ack}.

stranger = A SYN comes in for port 8080, where nobody listens. What do you send?
    .why-syn-ack = There is no program to take it.
    .why-ack = There is no connection to acknowledge.
    .why-none = If you keep silent, the peer tries for a long time. Refuse clearly.
    .after = RST+ACK. The ACK shows which SYN it answers.

fin-ack = On the first connection the peer sends a [[fin]], number 501, without data. Which acknowledgment number do you write? (relative)
    .why = A FIN takes one number.
    .why-same = 501 would mean that the FIN has not come. A FIN takes one number.
    .after = 502. You are now in [[close-wait]] and wait for your program’s `close()`.

whole-life = Your turn: with a new connection, take the server from LISTEN through [[syn-rcvd]], ESTABLISHED, CLOSE_WAIT and LAST_ACK to CLOSED.
    .hint-1 = To get to CLOSE_WAIT, the client has to close first.
    .hint-2 = Press connect(), then close() at the client.
    .hint-3 = When the server is in CLOSE_WAIT, press close() at the server, and play.
    .done = Done: a server’s whole life.
hand-made = Your turn: the client connects anew, from port 7000. In the view “Forge” make by hand a data segment as the server would send it, and get the client to acknowledge it. Do not use the server’s send().
    .hint-1 = Play until both are ESTABLISHED. Open “Views”, then “Forge”, and let it leave the server.
    .hint-2 = The sequence number is the one the client waits for, the acknowledgment number the one the server waits for. “What the stack would send next” fills them in.
    .hint-3 = Write something into the data and send it. With a sequence number one too large the client sees a gap, and holds it back.
    .done = Done. If the numbers fit, the client cannot tell who made it: TCP has no signature. That is why [[isn|initial sequence numbers]] are chosen hard to guess.
end = Take a segment, check its numbers, change state, answer. That is what a stack does, and now you can, too.
