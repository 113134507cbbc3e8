# Runs to begin with, and runs that were kept.

runs-title = Open a run
runs-presets = Begin with one of these
runs-own = Your runs
runs-own-none = None yet. What you have done here can be kept under a name.
runs-name = Name of this run
runs-keep = Keep it
runs-kept = Kept as “{ $name }”.
runs-not-kept = This browser has no room for it, or keeps nothing. Save it as a file.
runs-open = Open
runs-drop = Delete
runs-dropped = “{ $name }” is deleted.
runs-save = Save all as a file
runs-take = Take from a file
runs-taken = { $count ->
        [one] One run
       *[other] { $count } runs
    } taken from { $name }.
runs-refused = { $name } is not taken. What is wrong with it:
runs-missing = there is no such run here
runs-two-hosts = the page shows runs of at least two machines with addresses
runs-fault-json = this is not JSON: { $why }
runs-fault-kind = this is no file of runs of TCP Lab
runs-fault-version = version { $found }; here version { $known } is known
runs-fault-list = expected a list
runs-fault-name = expected a name of at most { $max } characters
runs-fault-run = this is no run, or it is damaged { $why }

opened-first = Begin with an empty lab
opened-play = Play
opened-more = Other runs
opened-own = A run of yours

preset-quiet-lan = A quiet network
preset-quiet-lan-about = Nothing goes wrong: 20,000 bytes over a fast cable, and what TCP does when it has nothing to mend.
preset-web-request = A web page
preset-web-request-about = HTTP over TCP: one request, one answer, and the server closes first.
preset-mail = A letter
preset-mail-about = SMTP over TCP: client and server speak in turns, line by line, over the same kind of stream.
preset-lossy-wifi = Wi-Fi at the edge
preset-lossy-wifi-about = Frames are lost in bursts and overtake each other. Watch fast retransmissions and what SACK reports.
preset-satellite = By way of a satellite
preset-satellite-about = A round trip takes half a second: the window grows slowly, and the link is idle most of the time.
preset-slow-modem = A telephone modem
preset-slow-modem-about = 33.6 kbit/s: a segment takes a third of a second to get out, and the rest waits in the queue.
preset-switch = A switch learns
preset-switch-about = Four hosts on one switch. The first ARP question reaches all; once it has learned who is where, pings go only there. When the server’s cable is pulled and put back, it learns anew.
preset-narrow-path = A narrow path
preset-narrow-path-about = Behind a router packets may have only 600 bytes. ICMP tells the client, which makes its segments smaller.
preset-simultaneous-open = Both open
preset-simultaneous-open-about = Two SYNs cross on their way: one connection comes of it, and nobody was the server.
preset-crossing-fins = Both close
preset-crossing-fins-about = Two FINs cross on their way: both pass through CLOSING and wait in TIME_WAIT.
preset-half-close = Half closed
preset-half-close-about = The client has said all it had to say; the server goes on sending in CLOSE_WAIT.
preset-refused = Nobody listens
preset-refused-about = TCP is answered by a reset, UDP by an ICMP message: refused, and at once.
preset-silence = A wall that says nothing
preset-silence-about = Something drops every TCP segment. The client tries again after 1, 2, 4 and 8 seconds, then gives up.
preset-unplugged = Unplugged for ten minutes
preset-unplugged-about = The cable is out while nobody speaks. The connection does not notice, and works on afterwards.
preset-tiny-window = A slow reader
preset-tiny-window-about = The server reads 2,000 bytes a second and has room for 4,096: the window shrinks to zero, the client probes.
preset-long-queue = A queue that is too long
preset-long-queue-about = Nothing is lost, so the queue fills, and each ping waits behind the transfer: look at the round trips.
preset-reno-and-cubic = NewReno beside CUBIC
preset-reno-and-cubic-about = Two transfers share a link and a short queue. Compare the congestion windows in the graphs.
preset-udp-against-tcp = UDP against TCP
preset-udp-against-tcp-about = A stream of UDP keeps its pace while TCP slows down for both. Neither knows of the other.
preset-ecn = Marked, not dropped
preset-ecn-about = The queue marks packets before it is full (ECN), and TCP slows down without losing anything.
preset-bad-memory = A device that spoils bits
preset-bad-memory-about = Bits flip inside a device, where the frame check sequence cannot tell. TCP’s checksum does.
preset-syn-flood = A flood of SYNs
preset-syn-flood-about = Forged SYNs fill the backlog, and the honest client’s SYN gets no answer.
preset-syn-cookies = The flood, with SYN cookies
preset-syn-cookies-about = The backlog is full, too, but the server answers without remembering: the honest client gets in.
