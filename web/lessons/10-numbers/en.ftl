title = Sequence numbers and acknowledgments
about = Numbers count bytes, not packets; and send(), segment and recv() do not come in pairs.

open = A connection is opened. Each direction has its own [[seq|sequence numbers]].

thousand = The client sends 1,000 bytes in one segment. By how much does the server’s acknowledgment number exceed that segment’s sequence number?
    .why = By as many as the segment has bytes.
    .why-packets = The numbers count bytes, not segments.
    .why-plus-one = Only [[syn]] and [[fin]] take one more.
    .after = Sequence number {$seq}, acknowledgment {$ack}: 1,000 apart. An acknowledgment number is the next byte expected.

one-send = One `send()` hands over 4,000 bytes. How many segments will that be?
    .why = A segment holds so much and no more: on this link 1,448 bytes.
    .why-one = An Ethernet [[frame]] does not hold 4,000 bytes. TCP divides them.
    .why-four = It fills each as far as it goes, not 1,000 at a time.
    .after = Two of {$mss} bytes and one with the rest. One `send()` is not one segment; the limit comes from the [[mss|MSS]].

three-sends = Now three `send()` of 10 bytes each. When all have arrived, the server calls `recv()` once. How many bytes does it get?
    .why = TCP knows no message boundaries; it gives what is in the [[buffer]].
    .why-ten = TCP does not keep the boundaries of `send()`. A program has to mark its own.
    .after = All 30 at once: three `send()`, {$segments} segments, one `recv()`. [[tcp]] is a stream of bytes.

ten-acks = Ten segments (14,480 bytes) are sent. About how many [[ack|ACKs]] will the server send?
    .choice-each = ten: one for each
    .choice-fewer = fewer
    .choice-one = one, at the end
    .why-each = One ACK confirms all bytes before it. There is no need for one each.
    .why-one = Too late an answer would stall the sender: at least every second full segment is acknowledged.
    .after = {$acks} ACKs, one for every two full segments: a [[delayed-ack|delayed ACK]] waits a little and confirms both.

lost-ack = Ten more, and the server’s first ACK is lost. What happens?
    .choice-nothing = nothing is sent again
    .choice-resend = the data of that ACK is sent again
    .choice-ack-again = the server sends the ACK again
    .why-resend = The next ACK confirms what the lost one would have.
    .why-ack-again = ACKs are not retransmitted; nobody even knows that one is lost.
    .after = The next ACK confirmed all bytes before it. [[cumulative-ack|Cumulative acknowledgment]] can stand to lose one.

by-ten = Your turn: make an acknowledgment number rise by exactly 10 at once.
    .hint-1 = Send 10 bytes in one segment. Connect first if there is no connection.
    .hint-2 = Letters and digits are one byte each. Send 0123456789.
    .done = Done: 10 bytes, and 10 numbers.
end = Numbers count bytes. An acknowledgment is the next byte expected and confirms all before it. Boundaries are the program’s business.
