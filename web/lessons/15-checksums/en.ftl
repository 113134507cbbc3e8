title = Checksums and flipped bits
about = One bit flips: which layer notices?

three-sums = One [[frame]] carries several checks: Ethernet’s [[fcs|FCS]], the IPv4 header checksum, and [[tcp]]’s or [[udp]]’s [[checksum|checksum]]. Each covers another range.

on-wire = On the wire, a bit of the data flips. Who in the server notices?
    .choice-link = the link layer (FCS)
    .choice-internet = the internet layer (IPv4 header)
    .choice-transport = the transport layer (checksum)
    .choice-nobody = nobody
    .why-internet = IPv4’s checksum covers its header only.
    .why-transport = TCP could, but the link layer catches it before.
    .why-nobody = The FCS is there for flips on the wire.
    .after = The FCS was wrong and the frame dropped; TCP sent again, {$again} time. To TCP it looks like any loss.

inside = Now the bit flips inside a device on the way, which then computes a new FCS. Who notices?
    .choice-link = the link layer (FCS)
    .choice-internet = the internet layer (IPv4 header)
    .choice-transport = the transport layer (checksum)
    .choice-nobody = nobody
    .why-link = The FCS was made after the damage. It is right.
    .why-internet = IPv4’s checksum covers its header only.
    .why-nobody = TCP’s checksum goes unchanged from host to host.
    .after = TCP’s checksum caught it. The FCS guards one link, TCP’s checksum the whole way. That is why there are both.

udp-inside = The same happens to a UDP [[datagram]]. Who notices?
    .choice-link = the link layer (FCS)
    .choice-internet = the internet layer (IPv4 header)
    .choice-transport = the transport layer (checksum)
    .choice-nobody = nobody: UDP has no checksum
    .why-link = The FCS was made after the damage.
    .why-internet = IPv4’s checksum covers its header only.
    .why-nobody = UDP’s header has a checksum. What it lacks is retransmission.
    .after = UDP’s checksum caught it, and it was dropped. UDP checks, too; it just does not send again.

ip-header = Now a bit of the [[ttl]] in the [[ip]] header flips inside a device. Who notices?
    .choice-link = the link layer (FCS)
    .choice-internet = the internet layer (IPv4 header)
    .choice-transport = the transport layer (checksum)
    .choice-nobody = nobody
    .why-link = The FCS was made after the damage.
    .why-transport = UDP’s checksum leaves the TTL out, since each [[router]] changes it.
    .why-nobody = The IPv4 header has its own checksum.
    .after = The IPv4 header checksum caught it. Each [[layer]] checks what it reads.

unchecked = This client’s stack has a fault: it verifies no checksums. The server sends “pay 100”, and a bit flips inside a device. Who in the client notices?
    .choice-link = the link layer (FCS)
    .choice-internet = the internet layer (IPv4 header)
    .choice-transport = the transport layer (checksum)
    .choice-nobody = nobody
    .why-link = The FCS was made after the damage.
    .why-internet = IPv4’s checksum covers its header only.
    .why-transport = The segment’s checksum is wrong, but this client does not look at it.
    .after = Nobody; TCP even acknowledged the wrong data.

damage = The program read {$n} bytes: right in length and order, wrong in content. Compare the bytes in the packet panel.

catch-one = Your turn: send a text from the client and flip a bit in flight. The server must drop it, and TCP must get it there after all.
    .hint-1 = Press send() and pause while the frame is flying.
    .hint-2 = Press the frame, choose “Flip a bit”, then play.
    .done = Done. What is broken is dropped, and what is dropped is sent again.
end = The FCS guards one link, IPv4’s checksum its header, TCP’s and UDP’s the whole way from end to end.
