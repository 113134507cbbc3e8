title = Why layers
about = Follow one message down four layers and up again.

four = [[tcp]]/IP divides the work into four [[layer|layers]]. Application: what to say. Transport: to which program. Internet: to which host. Link: how to cross to the next machine.

seven = [[osi|OSI]] divides the same work into seven: application, presentation and session fold into application; data link and physical into link. The reason is the same: a fault can be looked for inside one layer.

open = First, a connection is opened. Lesson 5 looks at how.

first-header = Like a browser, the client sends “GET / HTTP/1.0”. Which layer’s header is put on first?
    .choice-transport = transport (TCP)
    .choice-internet = internet (IPv4)
    .choice-link = link (Ethernet)
    .why-internet = The [[ip]] header goes around the TCP header: [[port|ports]] are written before addresses.
    .why-link = The Ethernet header comes last. It serves only to reach the next machine, and lies outermost.
    .after = In front of {$message} bytes of content go TCP’s {$tcp}, IPv4’s {$ip}, Ethernet’s {$ethernet}; with 4 bytes of [[fcs|FCS]] behind, the [[frame]] has {$frame} bytes.

up = The frame is flying. At the server, which header is taken off first?
    .choice-link = link (Ethernet)
    .choice-internet = internet (IPv4)
    .choice-transport = transport (TCP)
    .why-internet = The IP header lies inside the Ethernet header; the outside comes off first.
    .why-transport = The TCP header lies innermost and comes off last.
    .after = Going up is the reverse. Each layer reads only the header that its counterpart wrote and hands the rest up. The program got {$read} bytes: the content alone.

settle = A little later the server’s TCP answers with an [[ack|ACK]]. The program knows nothing of it; that is between the transport layers.

other-text = Now “HELO client.example”, as one says to a mail server: SMTP, not HTTP. Will the TCP header’s length be another?
    .choice-same = the same
    .choice-differ = another
    .why-differ = TCP does not read the content. HTTP, SMTP or FTP: to TCP it is bytes in order.
    .after = Again {$tcp} bytes. HTTP, SMTP, FTP and TELNET are different languages over the same transport. Only the top layer differs.

frame-size = Ten bytes of text are sent. How many bytes has the frame on the wire? Add the headers you have seen.
    .why = Add TCP 32, IPv4 20, Ethernet 14 and FCS 4 to the 10 of content.
    .why-message = That is the content alone. Each layer adds a header.
    .after = Whatever the content, headers and FCS cost {$over} bytes. With one letter, nearly all is header.

hundred = Your turn: send a text from the client such that its frame has exactly 100 bytes on the wire.
    .hint-1 = Headers and FCS always take {$over} bytes.
    .hint-2 = A letter or digit is one byte. Thirty of them do it.
    .done = Done: 30 bytes of content and 70 of the rest.
end = Each of the four layers writes and reads its own header only. So applications may change while all below stays, and a fault can be looked for in one layer.
