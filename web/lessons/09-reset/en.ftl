title = Refused, silent, reset
about = Two ways not to get a connection, and two ways to lose one.

three-noes = Connections fail in several ways: refused, unanswered, cut off. Each gives the program another error.

refused = The client connects to [[port]] 81, where nobody waits. What does the server answer?
    .why-syn-ack = Only a [[socket]] in [[listen]] answers with [[syn-ack]].
    .why-fin-ack = FIN closes a connection that exists.
    .why-none = The host is up and has got the SYN; its stack refuses at once. That is not silence.
    .after = [[rst|RST]]. After {$ms} ms the client knows: [[econnrefused|ECONNREFUSED]]. A refusal is a fast and clear answer.

silence = Now all [[syn|SYNs]] to port 80 are dropped without a word, as firewalls often do. When will the client give up? (It resends a SYN up to three times.)
    .choice-soon = at once, as when refused
    .choice-seconds = after several tries, more than ten seconds later
    .choice-never = never
    .why-soon = Without an answer nobody knows whether it is late or lost. One has to wait.
    .why-never = After a set number of tries without answer, it is ETIMEDOUT.
    .after = {$syns} SYNs, waiting 1, 2, 4 and 8 seconds: [[etimedout|ETIMEDOUT]] after {$s} s. Silence is slow where a refusal is fast.

deaf = The program at port 90 accepted but never calls `recv()`. What the client sent lies unread in the server’s [[buffer]].

unread = This program now calls `close()` without having read. What will the server send?
    .why-fin-ack = A FIN is an orderly end. With data thrown away unread, that would be a lie.
    .why-ack = The data has been acknowledged already. Now the peer must learn that it was thrown away.
    .why-none = Silence would leave the client believing that its data was read.
    .after = [[rst|RST]]: closing with data unread sends a reset, so that the peer learns that data was lost (RFC 9293).

vanished = The client’s `recv()` gives {$error}. After a [[fin]], what has come can still be read; after an RST, it is all gone.

cut = Connected to port 80, the cable is unplugged, and `send()` succeeds. The cable stays out. What becomes of the data?
    .choice-arrives = it is TCP, so it arrives some day
    .choice-gives-up = it does not arrive, and TCP gives up
    .choice-waits = it does not arrive, and TCP waits for ever
    .why-arrives = Without a way not even TCP can deliver. Its promise is: delivered, or you are told.
    .why-waits = After a set number of tries, it gives up.
    .after = `send()` took {$result} bytes and succeeded; yet [[tcp]] sent again {$tries} times and gave up after {$s} s.

timed-out = At its next call the program gets {$error}. TCP does not guarantee delivery; it guarantees that a failure is not hidden.

make-rst = Your turn: make the server send an RST.
    .hint-1 = What if data reaches a connection that the server has closed?
    .hint-2 = First connect(), then close() at the server.
    .hint-3 = When the server’s FIN has arrived, press send() at the client.
    .done = Done. Data for a program that has closed has nowhere to go, so it is answered with RST.
end = A refusal is an RST, silence a timeout. FIN is an orderly end, RST says that something was thrown away. TCP promises honesty, not arrival.
