title = Simultaneous open and close
about = What TCP does when both sides do the same at the same moment.

two-callers = Both hosts use [[port|ports]] where nobody has called `listen()`: 4000 and 5000. Now both call `connect()` to each other at the same moment.

nobody-listens = No server listens. In which state will the client end up?
    .why-closed = Nobody has a reason to send [[rst]]. Both want to connect, and their SYNs fit.
    .why-syn-sent = The peer’s SYN takes it on from SYN_SENT.
    .after = [[established]]. [[tcp]] does not need a server: this is a [[simultaneous-open|simultaneous open]].

look-back = {$n} segments: two [[syn]], two [[syn-ack]]. And there is one connection, not two.

passing = Which state did they pass between [[syn-sent]] and ESTABLISHED?
    .choice-rcvd = both passed SYN_RCVD
    .choice-direct = both went straight
    .choice-one-each = only one passed SYN_RCVD
    .why-direct = The peer’s SYN had come, but one’s own was not acknowledged yet. There is a state for that.
    .why-one-each = Both did the same; there is no client or server here.
    .after = Both went from SYN_SENT to [[syn-rcvd|SYN_RCVD]] to ESTABLISHED: a rare path in the diagram.

chat = Data flows as in any connection. Who called whom no longer matters.

crossed = Now both call `close()` at the same moment, and two [[fin|FINs]] cross. In which state is the client when the peer’s FIN has come?
    .why-fin-wait-2 = [[fin-wait-2]] comes once one’s own FIN is acknowledged. A FIN that crossed does not do that.
    .why-close-wait = [[close-wait]] is for who has not closed yet.
    .why-time-wait = Its own FIN is not acknowledged yet. There is one more state before.
    .after = [[closing|CLOSING]]: it waits for its own FIN’s acknowledgment. A close is not always FIN, [[ack]], FIN, ACK.

both-wait = When both ACKs have arrived, in which state is the server?
    .why-closed = Whichever closed first waits; this time both did.
    .why-last-ack = LAST_ACK is for who closed after the peer’s FIN. The server closed before.
    .why-closing = The ACK it waited for has come.
    .after = Both are in [[time-wait]]: both closed first, so both wait.

cross-fins = Your turn: connect to the server’s port 80, then close such that the FINs cross, to get to CLOSING.
    .hint-1 = After one close(), the other side must close before that FIN arrives.
    .hint-2 = Press close() at the client, pause at once, and press close() at the server.
    .done = Done. The FINs crossed.
end = TCP does not tell client from server. Both may open at once and close at once, and the state diagram has paths for it.
