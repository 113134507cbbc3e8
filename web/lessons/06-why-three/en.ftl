title = Why three and not two
about = A late SYN and a lost ACK show what the third segment is for.

two = Would two segments do? The client asks, the server agrees. Let us ask the stack.

late = The client wants to connect, but its [[syn]] is held up for three seconds on the way.

give-up = The client did not wait. It called `close()` and is CLOSED, while the SYN is still on its way.

ghost-state = Now the late SYN reaches the server. Which state will the server be in?
    .why-listen = The server cannot know that the SYN is late. It looks like a new request.
    .why-established = If two segments were enough, yes: a ghost connection with nobody there. Because there are three, the server still waits.
    .after = [[syn-rcvd]]. The server has sent [[syn-ack]] and waits for the third segment. This is no connection yet.

ghost-answer = The server’s SYN+ACK is flying. The client has no such connection. What will its stack send?
    .why-ack = An ACK would complete a connection that does not exist.
    .why-fin-ack = A [[fin]] closes a connection that exists. There is none.
    .why-none = If it kept silent, the server would wait and send again for a long time.
    .after = [[rst|RST]]: “there is no such connection”. The third place gave the client the chance to say no. That is why there are three.

ghost-gone = With the RST the server forgets it and only listens again. No ghost connection came about.

lost-ack = A new connection, with data right behind it. But the third segment, the [[ack]], is lost. What happens?
    .choice-dies = the connection fails
    .choice-completes = the first data does the ACK’s work
    .choice-again = only after the server has sent its SYN+ACK again
    .why-dies = One lost ACK kills nothing: each segment that follows carries the same acknowledgment.
    .why-again = If there had been no data, yes. Here the data arrives first.
    .after = A data segment, too, has the ACK flag and an acknowledgment number. When it came, the server was [[established]]. Nothing was sent again.

hurts-least = One of the three segments of a handshake is lost. With which one lost does the data arrive soonest?
    .why = In copies of this run one segment each was lost. Without the SYN or the SYN+ACK, all wait one second for the retransmission timer.
    .after = Losing SYN or SYN+ACK costs about a second; for a lost ACK, the data steps in at once.

silent-client = Your turn: connect, drop the third ACK, and send no data. Make the server ask again by itself.
    .hint-1 = Press connect(); pause while the client’s ACK is flying, and drop it.
    .hint-2 = Then play and wait. The server’s retransmission timer takes one second.
    .done = Done. The server sends its SYN+ACK again, and the client acknowledges it again.
end = The third segment confirms: “this request is mine, now”. It filters late SYNs; and if it is lost, the next data stands in for it.
