# The words of the drawer's views.

drawer = Views
drawer-host = Host
view-loading = Loading…
view-lost = This view could not be fetched.
tab-packet = Packet
tab-machine = States
tab-sequence = Sequence
tab-graphs = Graphs
tab-tables = Tables
tab-code = Program
tab-events = Events
tab-faults = Faults
tab-forge = Forge
tab-terminal = Terminal

payload = data
packet-none = Select an arrow or a frame to look inside.
packet-gone = The bytes of this frame are not there yet, or no longer kept.
packet-bar = { $bytes } bytes in all, a stripe for each header
packet-bytes = { $bytes } bytes in hexadecimal
packet-more = … and { $bytes } bytes more
packet-why = Why it was sent
packet-absolute = absolute { $number }
packet-place = from byte { $from } on, { $bytes } bytes
packet-bits = · { $count } bits of it, from bit { $at } on
packet-compare = Compare with
packet-compare-none = nothing
packet-this = this one
packet-other = the other
packet-between = … { $steps } steps between
packet-life = Its life
packet-caused = What it caused
sum-how = 16-bit words are added up, as RFC 1071 says:
sum-pseudo = addresses, protocol, length
sum-header = header, this field as 0
sum-data = data
sum-words = { $words } words
sum-all = sum
sum-folded = folded
sum-folded-how = what runs over comes back in
sum-turned = complement
sum-turned-how = every bit turned over
sum-field = in the frame
sum-equal = ✓ the same
sum-differs = ✕ not the same: damaged
life-frame-queued = It waits for the cable; { $frames } frames before it.
life-checksum-checked = The { protocol-name } checksum is right.
life-tcp-segment-received = { owner } TCP looks at the { $segment } segment.
life-socket-ready = { owner } socket becomes ready: { $ready }.
life-tcp-timer-armed = { owner } timer is set: { $timer }.
life-tcp-timer-stopped = { owner } timer is stopped: { $timer }.
life-tcp-acked = { owner } data has been acknowledged.
life-tcp-rtt-sample = { subject } has measured a round trip.
life-tcp-send-window = { subject } learns how much more it may send.
life-tcp-congestion = { owner } congestion window has changed.
life-app-step = { owner } program goes on.

badge-0 = C
badge-1 = S
machine-picture = The eleven states of TCP and the ways between them. The same is in the lists below.
machine-now = { host-name } now
machine-been = has been there
machine-go = { $state }: go to when it was entered
machine-path = The way here
machine-next = What can come next
next-listen = The program calls listen().
next-connect = The program calls connect(): a SYN goes out.
next-syn = A SYN comes in: answered with SYN+ACK.
next-send = Data is sent on a listening socket. RFC 9293 allows it, sockets do not offer it.
next-close-quietly = The program calls close(). Nothing has to be sent.
next-syn-both = A SYN without ACK comes in: both open at once.
next-syn-ack = The SYN+ACK comes in: acknowledged with an ACK.
next-ack-of-syn = The ACK of our SYN comes in.
next-close = The program calls close(): a FIN goes out.
next-fin = A FIN comes in: acknowledged with an ACK.
next-ack-of-fin = The ACK of our FIN comes in.
next-fin-both = A FIN comes in before our own is acknowledged.
next-fin-ack = A FIN comes in that acknowledges ours, too.
next-time = Twice the longest life of a segment passes (2 MSL).
next-reset = An RST comes in, the program aborts, or too many tries fail.

seq-way = Direction
seq-sends = { host-name } sends
seq-receives = { host-name } receives
seq-picture = Sequence numbers to scale, the sender’s above, the receiver’s below. The same is in the tables.
seq-lens = Place of the lens
seq-bytes = Byte by byte
seq-edge = may send to
seq-window = window to
seq-none = Nothing has been sent in this direction yet. Connect, and send some text.
seq-flight = { $bytes } in flight.
seq-cwnd = The congestion window allows { $bytes }.
seq-count = × { $count }
part-control = SYN or FIN: a number, no data
part-acked = acknowledged
part-flight = in flight
part-sacked = arrived behind a gap (SACK)
part-lost = taken for lost
part-sendable = written, may be sent
part-free = room in the windows
part-beyond = written, must wait
part-read = read by the program
part-waiting = in order, not read yet
part-held = held, a gap before it
part-open = room in the window

graph-hint = Click: go to that moment. Drag: look closer. Double-click: all of it.
graph-none = Nothing has been sent from here yet. Connect, send some text, and watch the lines grow.
graph-zoom = Stretch of time
graph-at = Values at { $time }
graph-sequence = Time and sequence
graph-sequence-picture = Each segment a stroke over the numbers it carries, when it was sent; the acknowledged number below, the end of the window above
graph-bytes = Windows
graph-bytes-picture = Bytes in flight, congestion window, slow-start threshold and the peer’s window over time
graph-time = Round trips
graph-time-picture = Measured round trips, their smoothed mean and the retransmission timeout over time
graph-rate = Rate
graph-rate-picture = What was sent and what reached the program in order, in bits per second
graph-queue = Queue
graph-queue-picture = Frames that wait in front of the cable, by direction
line-edge = window’s end
line-ack = acknowledged
line-flight = in flight
line-cwnd = cwnd
line-ssthresh = ssthresh
line-window = window
line-rto = RTO
line-srtt = SRTT
line-rtt = measured
line-sent = sent
line-got = in order
line-queue-0 = at the client
line-queue-1 = at the server

table-sockets = Sockets
table-timers = Timers that run
table-arp = Neighbours (ARP)
table-addresses = Learned addresses
table-routes = Routes
table-interfaces = Interfaces
table-counters = TCP counters
table-none = none
route-direct = direct
column-socket = No.
column-ends = Local and remote
column-state = State
column-unread = Unread
column-unsent = Unsent
column-timer = Timer
column-left = Left
column-due = Due
column-address = Address
column-mac = MAC
column-port = Port
column-age = Age
column-waiting = Waiting
column-to-net = To
column-via = By way of
column-interface = Interface
column-mtu = MTU
column-in = In
column-out = Out
column-counter = Counter
column-count = Count
tcb-send = Sending
tcb-receive = Receiving
tcb-congestion = Congestion
tcb-time = Times
tcb-of = socket { $socket }
tcb-not-sent-bytes = not sent yet
tcb-unacked-bytes = in flight
tcb-send-buffer-bytes = send buffer
tcb-receive-queue-bytes = not read yet
tcb-out-of-order-bytes = out of order
tcb-receive-buffer-bytes = receive buffer
tcb-ca-state = phase
tcb-dup-acks = duplicate ACKs
tcb-lost-segments = taken for lost
tcb-retransmitted-segments = sent again
tcb-rtt-min-us = shortest RTT
tcb-backoff = backoff

code-person = You
code-person-none = No calls yet. The buttons and the terminal make them.
waits-accept = It waits in accept() for somebody to connect.
waits-recv = It waits in recv() for data, or for the end of the stream.
waits-datagram = It waits in recvfrom() for a datagram.
waits-connect = It waits for the handshake: connect() is done when the SYN+ACK has come.
waits-send = It waits in send() for room in the send buffer.
waits-end = It waits for the other side to end, too.
waits-reply = It waits for the reply.
waits-person = It waits for you: the next call is yours.
waits-done = It has ended.

row-header-added = { protocol-name } header of { $bytes } bytes put on: { $total } bytes now
row-header-removed = { protocol-name } header of { $bytes } bytes taken off
event-lab = Lab
event-cause = Go to its cause
list-events = Events
list-frames = Frames
list-filter = Filter: syn, rtt, frame …
list-layers = Layers shown
list-none = Nothing matches.

term-start = Type help. Commands act at the moment that is shown.
term-log = Output
term-hints = Suggestions
term-unknown = “{ $word }” is not known here. help lists the commands.
term-number = A number is missing, or “{ $word }” is none.
term-time = A time is missing, or “{ $word }” is none: 20ms, 1.5s, 300us.
term-text = The text to send is missing.
term-no-frame = No frame is on its way.
term-nothing = No frame has been sent yet.
term-help = { $usage } — { $command ->
    [help] this list
    [connect] a new connection to the server’s port 80, or another one
    [send] sends text by TCP
    [recv] reads what has arrived
    [close] ends sending, and the socket with it
    [shutdown] ends sending, goes on receiving
    [abort] resets the connection
    [sendto] sends text as a UDP datagram
    [ping] an ICMP echo
    [ss] the sockets
    [timers] the timers that run
    [ip] addresses, routes, neighbours
    [tcpdump] the last frames
    [drop] loses the flying frame, or the next of a sort
    [delay] holds the flying frame back
    [duplicate] doubles a frame
    [corrupt] flips a bit of a frame
    [link] the cable’s settings: delay in ms, rate in Mbit/s, chances in per cent
    [step] one step on, or back, or to the next segment, or state
    [undo] takes back what was done last
    [redo] brings it again
    [play] lets time go on
    [pause] stops time
    [seek] goes to a time
    [time] the time that is shown
    [host] whose terminal this is
    [history] what was typed
   *[clear] empties the screen
}
