title = Break the stack
about = A stack that breaks one rule at a time shows what each rule is for.

four-switches = This client’s stack breaks four rules: a fixed first number, no back-off, no [[checksum]] verified, the peer’s [[window]] ignored. The server is sound.

fixed-isn = The client connects twice. How many different [[seq|sequence numbers]] do its [[syn|SYNs]] carry?
    .why = This stack always begins at the same number.
    .why-two = With a sound stack, yes. This one always begins at the same number.
    .after = Always {$isn}; the server had {$server} different ones. If it is known beforehand, others can interfere, and old segments may pass for new.

no-backoff = The cable is out, and a text is sent. This stack tries every 200 ms. How often does the timer send again within 2 s, the first probe not counted?
    .why = 2 s divided by 200 ms makes about ten.
    .why-polite = With a stack that doubles its wait (RFC 6298), yes. This one does not.
    .after = With doubling it would be three. If everybody did this on a crowded road, it would never clear.

repair = The cable is back. The text has arrived and was acknowledged.

no-checksum = The server sends “pay 100”, and a bit flips inside a device on the way. What will the client’s [[tcp]] do?
    .choice-dropped = drop it
    .choice-taken = take it, wrong as it is
    .why-dropped = Only a stack that verifies the checksum would know. This one does not.
    .after = Wrong data went up to the program without any error. Verifying takes a line of code; without it, TCP’s promise is void.

ignore-window = At the server’s [[port]] 90 the window is 4,096 bytes, and the program does not read. This client ignores that and sends 12,000 bytes at once. What happens?
    .choice-arrives = all is taken
    .choice-thrown-away = what is beyond is thrown away
    .why-arrives = The server’s [[buffer]] has no room. What lies outside the window is dropped.
    .after = The server’s window was {$window} bytes: {$thrown} segments were outside it and dropped; {$again} were sent again. Ignoring the window makes nothing faster; it only crowds the road.

swallow = Your turn: connect anew and make this broken client take damaged data. The link [[layer]] must not catch it.
    .hint-1 = The server has to send. A flip on the wire would be caught by the [[fcs]].
    .hint-2 = In the link’s settings, set “Damage in a device” to 100 %, send from the server, then set it back to 0.
    .done = Done. Wrong data went up without any error.
end = Each rule has its reason: numbers guard safety, back-off the road, checksums the content, windows the peer.
