title = Bits on the wire
about = Frames, MAC addresses, and ARP, which finds them out.

cable = On the cable there are only electrical or optical signals. They make bits, and bits are bundled into [[frame|frames]]: what the link [[layer]] carries at one time.

address = A frame carries the [[mac|MAC addresses]] of receiver and sender. But the client knows only the server’s [[ip]] address, 10.0.0.2, not its MAC address.

first-frame = The client wants to ping the server (an [[icmp]] echo request). What is the first frame on the wire?
    .choice-icmp = the ping
    .choice-arp = a question: “who has 10.0.0.2?”
    .choice-both = both, one after the other
    .why-icmp = To put the ping into a frame, the receiver’s MAC address is needed. The internet layer has to wait for the link layer.
    .why-both = Before the answer comes, no frame can be made for the ping. It waits inside.
    .after = The [[arp|ARP]] question went first, to everybody on the link ([[broadcast|broadcast]]), since nobody’s address is known. Meanwhile the ping waits in the client.

answer = The owner, the server, answered with its MAC address. The client notes it in a table and lets the waiting ping go.

round = The ping’s answer is back, {$ms} ms after it was sent, ARP included: four crossings of the link.

again = One more ping. How many frames will cross the link until the answer is there?
    .why = A ping and its answer are all that is needed.
    .why-arp = The MAC address stands in the table already; nobody asks again.
    .after = Only the ping and its answer. What is in the table is checked or forgotten after a while.

smallest = Now a single letter (1 byte) over [[udp]]. The headers: UDP 8, IPv4 20, Ethernet 14, FCS 4. How many bytes has the frame?
    .why = An Ethernet frame cannot be smaller than 64 bytes.
    .why-data = That is the letter alone.
    .why-sum = The sum is 47 indeed. But an Ethernet frame has at least 64 bytes; the rest is filled with zeros.
    .after = 64 bytes, Ethernet’s minimum. IP knows its own length and ignores the filling. Each layer has its own rules.

flip = While a [[datagram]] flies, noise flips one bit of it. Who in the server notices first?
    .choice-fcs = the link layer: the FCS is wrong
    .choice-udp = the transport layer: UDP’s checksum is wrong
    .choice-program = nobody; the program gets it
    .why-udp = UDP has a [[checksum]], too, but the frame is caught before, at the link layer.
    .why-program = The FCS at the frame’s end is there for just this.
    .after = The [[fcs|FCS]] was wrong, and the link layer dropped the frame. No layer above hears of it. UDP does not send again.

break-one = Your turn: send a datagram or segment, and flip a bit of its frame in flight, so that the server’s link layer drops it.
    .hint-1 = Press sendto(), and pause while the frame is flying.
    .hint-2 = Press the frame and choose “Flip a bit”.
    .done = Done. The link layer drops broken frames in silence.
end = The link layer minds the way to the next machine only. Layers are not places on the wire: in one frame, each byte has its own layer as its owner.
