title = Loss and retransmission
about = How TCP notices that a segment is lost, and sends it again.

open = A connection is opened; soon ten segments will be sent at once.

lose-third = Of the ten, the third was lost. The others are on their way.

what-ack = Each segment has 1,448 bytes, from byte 1 on. When the 1st, 2nd, 4th and 5th are there, which acknowledgment number does the server send? (relative)
    .why = It confirms up to the first gap: 1 + 2 × 1,448.
    .why-skip = It cannot skip what is missing: the number says that all before has come.
    .why-third = The third has not come. Its first byte is what is expected.
    .after = The same number again and again: [[duplicate-ack|duplicate ACKs]]. Their [[sack|SACK]] option tells, besides, what has come beyond the gap.

how-noticed = What makes the client send the third segment again?
    .choice-timer = the retransmission timer runs out
    .choice-acks = the ACKs that repeat
    .choice-server = nothing: it does not
    .why-timer = The timer is the slowest way. News that later ones have arrived comes sooner.
    .why-server = What is not acknowledged is sent again.
    .after = Sent again {$ms} ms after the loss, with no timer run out. Duplicate [[ack|ACKs]] and SACK tell of it: [[fast-retransmit|fast retransmit]].

how-many = The third was lost; seven came after it. How many segments are sent again in all?
    .why = Only what was lost.
    .why-all = The server holds the later ones, and SACK says so. They need not be sent again.
    .after = Just one. With the gap filled, the server acknowledged all that it had held, at once.

hurts-most = Now five segments. With which one lost does it take longest until all are acknowledged?
    .why = So say the copies that lost one each. Behind the last one nothing comes, so there are no duplicate ACKs.
    .after = When the last is lost, nothing follows to make duplicate ACKs. Only a timer helps, here the [[tail-probe|tail loss probe]].

backoff = The cable is out, and a text is sent. For 10 seconds nothing comes back. What of the time between tries?
    .choice-same = always the same
    .choice-longer = longer and longer
    .why-same = No answer may mean a crowded way. Sending on at the same pace would make it worse.
    .after = {$tries} tries, each wait twice the one before: [[backoff|exponential back-off]].

mend = The cable is back, but the text does not arrive at once: the next timer has to run out first.

lose-and-win = Your turn: send a text and drop its segment. See that the server gets it nevertheless.
    .hint-1 = Press send() and pause while the segment is flying.
    .hint-2 = Press the [[frame]], choose “Drop”, then play.
    .done = Done. The program never knows of the loss.
end = Duplicate ACKs and SACK are quick; the timer is the last resort. That is why losing the tail hurts most.
