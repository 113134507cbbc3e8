title = Flow control and the zero window
about = What happens when one sends to a program that does not read.

open = There is a connection. The server’s receive [[buffer]] has 4,096 bytes, and its program does not call `recv()`.

read = The client sends 1,000 bytes and gets an [[ack]]. How many bytes has the server’s program read by then?
    .why = The system sends the ACK, not the program.
    .why-all = An ACK means: the system has it in its buffer. It does not mean that the program has read it.
    .after = None. Yet the ACK came. The [[window|window]] in it, {$window} bytes, is the room left.

full = The client has 9,000 bytes more to send. The server still does not read. Down to what will its window go?
    .why = Down to where the buffer has no room.
    .why-same = The window is the room left. It shrinks with what is received.
    .why-room = The window is the room left. It shrinks with what is received.
    .after = After {$bytes} bytes the window is 0. A [[zero-window|zero window]] says: stop. The rest waits in the client’s buffer.

probe = For five more seconds the server does not read. What does the client do?
    .choice-silent = it waits and sends nothing
    .choice-probes = it sends a little now and then
    .choice-resets = it resets the connection
    .why-silent = If the news that the window is open got lost, both would wait for ever.
    .why-resets = Reading slowly is no fault.
    .after = It sent {$probes} [[window-probe|window probes]] of one byte, each wait twice the last. The answers say: still 0.

hour = The server does not read for 10 minutes. What becomes of the client’s connection?
    .why-fin-wait-1 = A [[fin]] goes out when the program closes. The client’s did not.
    .why-closed = As long as probes are answered, the peer is alive. There is no reason to give up.
    .after = Still [[established]]. {$probes} probes went out, and each was answered.

opens = At last the server’s program calls `recv()` and empties the buffer. What will its stack send?
    .why-rst-ack = There is nothing to reset. There is room again.
    .why-fin-ack = Reading is not closing.
    .why-none = Without a word, the client would not know until its next probe.
    .after = An ACK without data tells of a [[window|window]] of {$window} bytes. The client goes on at once.

drain = Your turn: press recv() at the server again and again until all 10,000 bytes are read.
    .hint-1 = Each reading makes room, and the client sends more. Wait for it, then read again.
    .hint-2 = Play for some 0.3 s, press recv(), and repeat.
    .done = Done. The reader set the sender’s pace.
end = The window is the receiver’s room. An ACK does not mean “read”, and a slow reader slows the sender by the window.
