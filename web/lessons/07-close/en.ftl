title = Closing: the four-way close
about = FIN and ACK close each direction by itself. It is not always four segments.

open = There is a connection; both sides are [[established]].

fin = The client called `close()`, and a [[fin|FIN]] goes out: “I have nothing more to send”. The client is in [[fin-wait-1|FIN_WAIT_1]].

fin-ack = The FIN has [[seq]] {$seq} and no data. Which acknowledgment number will the server send?
    .why = Like a [[syn]], a FIN takes one number.
    .why-same = That number would mean that the FIN has not come yet. A FIN takes one number.
    .after = One more. The server is in [[close-wait|CLOSE_WAIT]]; its program called `close()` at once, so the server’s FIN follows.

four = FIN, [[ack]], FIN, ACK: {$n} segments closed it. The server is CLOSED, the client in [[time-wait|TIME_WAIT]]. Each FIN has the ACK flag, too.

again = A new connection. This time the server’s first ACK will be lost on the way.

three = The client calls `close()`, and the server’s ACK of the FIN is lost. What becomes of the close?
    .choice-three = it ends with the three segments that arrive
    .choice-resend = somebody has to send again
    .choice-stuck = it never ends
    .why-resend = The server’s FIN carries the same acknowledgment number. The separate ACK is not needed.
    .why-stuck = What is lost is sent again by the stack. But here even that was not needed.
    .after = FIN, FIN+ACK, ACK: three, and nothing was sent again. Many stacks put the ACK into the FIN anyway. Four is common, not a rule.

slow-server = This server program, at [[port]] 81, is in no hurry to call `close()`.

after-fin = The client ends its sending (`shutdown()`, a FIN). In which state will the server stay?
    .why-established = A FIN tells that the peer has sent all. The state changes.
    .why-last-ack = LAST_ACK comes after the server’s own FIN. Its program has not closed yet.
    .why-closed = Only one direction is closed. The server may still send.
    .after = [[close-wait|CLOSE_WAIT]]. The system has acknowledged the FIN; closing the other half waits for the program’s `close()`.

half = In CLOSE_WAIT, the server sends data now. What happens?
    .choice-arrives = the client gets it
    .choice-refused = send() fails
    .choice-reset = the client answers with RST
    .why-refused = The FIN closed the direction from client to server only. The server’s sending is open.
    .why-reset = The client ended its sending only (`shutdown`), and still reads.
    .after = {$bytes} bytes arrived and were acknowledged. A FIN closes one direction: this is a [[half-close|half-close]].

forgotten = The server’s program forgets `close()`. In which state is the server 10 minutes later?
    .why-last-ack = To get to LAST_ACK, the program would have to call `close()`, so that a FIN goes out.
    .why-time-wait = TIME_WAIT is where the side that closed first stays after the last FIN.
    .why-closed = The stack does not close for the program. That is the program’s task, not the network’s.
    .after = Still CLOSE_WAIT. When they pile up, no network is at fault but a program that forgets `close()`.

finish = Your turn: bring the server to CLOSED and end this connection.
    .hint-1 = The server still waits for a word from its program.
    .hint-2 = Press close() at the server, then play.
    .done = Done: CLOSE_WAIT, LAST_ACK, CLOSED.
end = The two directions close separately. Nothing says who closes first, nor that it takes four segments.
