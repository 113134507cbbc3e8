title = Congestion control
about = How a sender finds its pace on a narrow road.

road = This link carries 2 megabits a second, and the [[queue|queue]] before it holds 16 [[frame|frames]]. What does not fit is dropped.

first-burst = The client has 150,000 bytes to send; the server’s [[window]] is 65,535 bytes. How many segments does it send before the first [[ack]]?
    .why = At first the congestion window is 10 segments (RFC 6928).
    .why-one = That was long ago. Today a sender starts with ten (RFC 6928).
    .why-window = The server could take them; but whether the road can is not known yet.
    .after = Ten. The sender has a [[congestion-window|congestion window]] of its own. It does not know the road, so it starts carefully.

doubling = ACKs come back. After five of them (for ten segments), what has become of the congestion window?
    .choice-same = still 10
    .choice-grows = about twice
    .choice-jumps = the most there is
    .why-same = All arrived, so there seems to be room: it grows.
    .why-jumps = All at once would flood the queue.
    .after = One more for each segment acknowledged: {$cwnd} bytes, twice as much. This is [[slow-start|slow start]]; in spite of its name it is fast.

which-limit = What keeps the client from sending more right now?
    .choice-receiver = the server’s receive window
    .choice-congestion = its own congestion window
    .why-receiver = The server reads fast enough and its window is wide. Flow control and congestion control are two things.
    .after = The server’s window is {$window} bytes at least; the congestion window has grown to {$cwnd}. The smaller one is the limit. And the queue has just overflowed.

after-loss = The queue dropped segments. When the client learns of it, how much will it dare to send?
    .choice-same = as much as before
    .choice-half = about half
    .choice-one = one segment
    .why-same = Then the queue would go on to overflow.
    .why-one = That is for a timeout without any news. Here ACKs still come.
    .after = It had grown to {$before} bytes; now the threshold is {$after}, about half. From there it grows slowly.

finish = All sent, in {$ms} ms; {$lost} were lost in the queue.

all-at-once = Now the server sends the same amount. Its stack has a fault: no congestion window, it fills the peer’s window at once. Will it be faster?
    .choice-faster = faster
    .choice-same = about the same
    .choice-slower = much slower
    .why-faster = However large the window, the link carries 2 megabits a second. What overflows is dropped and has to be sent again.
    .why-slower = With [[sack]] only what was lost is sent again, so it is not much slower. But far more was thrown away on the road.
    .after = {$ms} ms and {$lost} lost; with care it was {$sensible} ms and {$sensible_lost}. The bigger window was no faster, only more wasteful, and others on that road would lose as well.

no-loss = Your turn: the client is just connecting to send 100,000 bytes. Change the link such that none is lost.
    .hint-1 = Open the link’s settings. Where was it that frames were lost?
    .hint-2 = Make the queue larger than 100 and play.
    .done = Done. A large queue loses nothing, but makes everybody wait.
end = The receive window protects the peer, the congestion window the road. A sender grows until it loses, then backs off.
