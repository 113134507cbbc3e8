# The words of the fault kit and of forging.

kit-from-now = From the moment that is shown. Each change is one step that can be taken back.
kit-cable = The cable
kit-chances = By chance
kit-way = Direction
kit-way- = both ways
kit-way-a_to_b = { $a } → { $b }
kit-way-b_to_a = { $b } → { $a }
kit-differs = differs
kit-cut = Cut this direction
kit-mend = Mend this direction
kit-calm = All in order again
kit-delay_ms = Delay
kit-jitter_ms = Jitter, up to
kit-rate_bit_per_s = Rate
kit-queue_frames = Queue
kit-ecn_mark_frames = ECN mark from
kit-reorder_by_jitter = Jitter may let frames overtake
kit-loss = Loss
kit-loss_burst_frames = in bursts of
kit-duplicate = Duplication
kit-reorder = Reordering
kit-reorder_ms = later by
kit-corrupt = Damage on the wire
kit-corrupt_inside = Damage in a device
kit-frames = frames
kit-next = Drop the next …, sent by
kit-next-from = { host-name }
match-syn = SYN
match-syn_ack = SYN+ACK
match-data = data
match-ack = ACK
match-fin = FIN
match-rst = RST
match-tcp = TCP
match-udp = UDP
match-icmp = ICMP
match-arp = ARP
match-any = frame
kit-next-hint = { host-name }: drop the next { $what }
kit-exact = Exactly which frame
kit-deed = What happens
deed-drop = drop
deed-delay = delay
deed-duplicate = double
deed-corrupt = flip a bit of
kit-nth = Which one
kit-match = Kind
kit-from = From
kit-anybody = either side
kit-by = by
kit-arrange = Arrange
kit-waiting = Waiting for their frame
kit-wish = { $deed ->
    [drop] Drop
    [delay] Delay
    [duplicate] Double
   *[corrupt] Flip a bit of
} { $match } no. { $nth } { $way ->
    [a_to_b] from { $a }
    [b_to_a] from { $b }
   *[other] from either side
}{ $count ->
    [1] { "" }
   *[other] , { $count } in all
}
kit-forget = Forget them
kit-rules = Rules that a host breaks
kit-rule = Rule
kit-forge = Make a segment by hand
rule-no_checksum_verify = Takes what has a wrong checksum
rule-deaf_tcp = Its TCP hears nothing: you are the stack
rule-skip_time_wait = Skips TIME_WAIT
rule-fixed_isn = Starts each connection at number 1000
rule-no_backoff = Waits no longer after each timeout
rule-no_congestion_control = No congestion control
rule-no_sws_avoidance = Tells of tiny windows, and fills them
rule-no_delayed_ack = Acknowledges every segment at once
rule-ignore_window = Sends beyond the peer’s window
rule-no_paws = Takes old duplicates by number alone

forge-intro = Every field as you say, right or wrong. It leaves the host past its stack.
forge-node = Leaves
forge-interface = Interface
forge-interface-route = as the route says
forge-as = As if it were
forge-to = To
forge-from = Claims to be from
forge-start = Start from
forge-start-next = what the stack would send next
forge-start-reset = an RST that fits
forge-start-blind = an RST off the window
forge-start-syn = a SYN in mid-connection
forge-start-old = an old duplicate
forge-start-open = a SYN from a made-up port
forge-none = There is no connection yet: the fields begin empty.
forge-flags = Flags
forge-seq = seq
forge-ack = ack
forge-window = window
forge-known = Numbers of this connection
forge-number = { $name }: put { $number } into { $field }
forge-options = Options
forge-mss = MSS
forge-window-scale = Window scale
forge-sack-permitted = SACK permitted
forge-timestamp = Timestamp
forge-echo = Echo
forge-sack-left = SACK from
forge-sack-right = SACK to
forge-payload = Data
forge-wrong = Wrong checksum
forge-preview = What will be sent: { $bytes } bytes
forge-way = It leaves on { $name }: { $from } → { $to }
forge-preview-none = This cannot be sent: { $message }
forge-send = Send it
forge-sent = Sent as frame { $frame }.
