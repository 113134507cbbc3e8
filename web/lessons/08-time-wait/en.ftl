title = TIME_WAIT, and why
about = What happens when the last ACK is lost, with and without TIME_WAIT.

open = There is a connection. This time the server closes first.

server-first = The server called `close()` and sent its [[fin]]. The client is in [[close-wait]], the server in [[fin-wait-2|FIN_WAIT_2]].

who = Now the client closes, too. In which state is the server once it has the client’s FIN?
    .why-closed = If it forgot at once, it could not answer again should the last ACK be lost. The side that waits is not the client, but whichever closed first.
    .why-fin-wait-2 = FIN_WAIT_2 waits for the peer’s FIN, and that has come.
    .why-last-ack = LAST_ACK is for the side that closes second: the client.
    .after = [[time-wait|TIME_WAIT]]. The server closed first, so the server waits. And its last [[ack]] has just been lost on the way.

lost-last = In LAST_ACK, the client waits for that ACK. What will happen?
    .choice-fin-again = the client sends its FIN again, the server answers again
    .choice-ack-again = a timer at the server sends the ACK again
    .choice-nothing = nothing
    .why-ack-again = ACKs are not retransmitted. Whoever was not acknowledged sends again, and is then answered again.
    .why-nothing = A FIN that is not acknowledged is sent again, like data.
    .after = The client’s FIN came again, and the server, in TIME_WAIT, answered it again. So the client could close properly.

how-long = This stack’s [[msl|MSL]] is 30 s, and TIME_WAIT lasts twice that; a FIN that comes again starts it anew. How many seconds from the first ACK to CLOSED?
    .why = 2 MSL are 60 seconds, and the new start was only a moment later.
    .why-msl = One MSL is too short: my ACK may take one to get there, and the peer’s FIN another to come back.
    .after = A little over 60. Meanwhile all old segments on the way die out, too: that is TIME_WAIT’s second use.

reopen = Now the client closes first. But its stack has a fault: it skips TIME_WAIT.

client-first = The client has closed, and the server is in CLOSE_WAIT.

lose-it = The server closed, too. The client sent the last ACK and forgot the connection at once; and that ACK was lost.

without = The server sends its FIN again. What will the client answer?
    .why-ack = To answer so is what TIME_WAIT is for. This client skipped it.
    .why-fin-ack = The client’s FIN was acknowledged long ago, and it has forgotten the connection.
    .why-none = A segment of an unknown connection is not met with silence.
    .after = [[rst]]. After a perfect exchange, the server ends with an error. TIME_WAIT is no waste: it keeps the last answer ready.

lose-last-ack = Your turn: let the server close first, and drop the last ACK, so that the server answers again in TIME_WAIT.
    .hint-1 = Connect; then close() at the server first, and then close() at the client.
    .hint-2 = The last ACK is the server’s answer to the client’s FIN.
    .hint-3 = Pause while that ACK is flying, drop it, and play.
    .done = Done. The FIN comes again, and the server answers from TIME_WAIT.
end = Whoever closes first holds TIME_WAIT: to answer again if the last ACK is lost, and to wait until old segments have died out.
