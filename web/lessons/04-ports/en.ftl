title = Ports and sockets: the curtain
about = What programs call, beside what the system does behind the curtain.

curtain = The [[tcp]]/IP stack lives in the operating system. A program stands before a curtain, the [[socket|socket]], and makes calls. It sees neither segments nor retransmissions.

server-calls = The server has called `socket()`, `bind()`, `listen()` and waits at [[port|port]] 80. The port is open from then on, long before anybody connects.

connect = The client called `connect()`, and its system picked a free port, {$port}. At the server, `accept()` returns a new socket for this connection.

server-ports = The client connects to the same server a second time. How many ports does the server use for both connections?
    .why = At the server, both are port 80.
    .why-each = Each connection has its own socket, but the port is the same. Four values tell connections apart, not one port.
    .after = One: 80. The two are told apart by the client’s ports, {$one} and {$two}. A connection’s name is its [[four-tuple|four values]]: both addresses, both ports. A port is not a process.

send-returns = The cable is unplugged, and the client calls `send()`. What becomes of the call?
    .choice-buffer = it succeeds: the data is in the system’s buffer
    .choice-arrived = it succeeds: the data has reached the server
    .choice-error = it fails: the cable is out
    .why-arrived = With the cable out nothing can arrive. Success means “taken over”.
    .why-error = The system does not look at the cable before it answers. If there is room in the buffer, it takes the data.
    .after = `send()` left the data in the system’s [[buffer|buffer]] and returned at once. Success means neither that it arrived nor that it was read.

plugged = The cable is back, and the system sent again by itself. It took {$ms} ms; the program did nothing.

unplugged = Now nobody speaks, and the cable is out for 10 minutes. In which state will the server be after that?
    .why-closed = A side that has nothing to send sends nothing, and so does not notice.
    .why-close-wait = [[close-wait]] comes after the peer’s [[fin]]. Nobody has sent one.
    .after = Still [[established]]. A connection is not a wire but what two hosts remember. A silent one costs no segment at all.

back = Plug the cable in and send: all goes on as if nothing had been.

third = Your turn: make a third connection to the server’s port 80.
    .hint-1 = Press connect() at the client again: it makes a new socket with a new port.
    .done = Done. The server’s port is still 80.
end = The socket is the curtain between program and stack. A successful send() is no arrival, a connection is what both ends remember, and four values are its name.
