/**
 * The words that model and views share. Types only; nothing runs here.
 *
 * An event is what the engine gives for one record of the trace: the fields that all have, and those of its kind
 * by name. Numbers that stand for something come as its name ("SYN_SENT", "CONNECT", "RETRANSMIT").
 *
 * @typedef {object} CommonFields
 * @property {number} id from 1, one more each
 * @property {number} cause id of the event that led to it; 0: none
 * @property {number} t_us
 * @property {string} kind "tcp_state"
 * @property {string} layer "lab" "link" "internet" "transport" "socket" "application"
 * @property {string | null} rule "TCP_LISTEN_SYN"
 * @property {number | null} node null: the lab's own
 * @property {number} iface
 * @property {number} frame 0: none
 * @property {number} socket 0: none
 *
 * @typedef {Omit<CommonFields, 'node'> & {node: number} & Record<string, any>} LabEvent as read here: an event of the lab itself has no node, and no reader asks for one
 *
 * What a sentence is made of: a message's id and what it mentions.
 * @typedef {{id: string, args: Record<string, string | number>}} Message
 *
 * @typedef {'application' | 'transport' | 'internet' | 'link'} Layer
 *
 * One stripe of a frame.
 * @typedef {{layer: Layer, protocol: string, bytes: number}} Stripe
 *
 * A TCP segment as it was sent. Numbers are absolute; `relative` counts from each side's first.
 * @typedef {object} Segment
 * @property {number} flags
 * @property {number} seq
 * @property {number} ack
 * @property {number} payload_bytes
 * @property {number} window_bytes
 * @property {number} src_port
 * @property {number} dst_port
 * @property {boolean} retransmission
 * @property {{seq: number, ack: number}} relative
 *
 * A frame's life, as far as it is known. Times are null until they have come.
 * @typedef {object} FrameRecord
 * @property {number} frame
 * @property {number} node who sent it
 * @property {number} born_id the first event that named it
 * @property {number} born_us
 * @property {number} last_id the last event that changed something of it
 * @property {string} protocol "tcp" "udp" "arp" "icmp" "ipv4"
 * @property {string} detail what ARP or ICMP said, for the label
 * @property {Segment | null} segment
 * @property {number} payload_bytes of UDP
 * @property {string | null} rule
 * @property {number} cause_id the event that made it: its chain tells why it was sent
 * @property {Stripe[]} stripes outermost first
 * @property {number} link
 * @property {number} direction 0: a to b
 * @property {number} len_bytes
 * @property {number | null} queued_us
 * @property {number | null} sent_us
 * @property {number} sent_id
 * @property {number | null} arrival_us when it will arrive, or did
 * @property {number | null} delivered_us
 * @property {number} delivered_id
 * @property {number | null} lost_us
 * @property {number} lost_id
 * @property {string} reason why it was lost
 * @property {number} discarded_id the event with which the receiving host dropped it; 0: it did not
 * @property {boolean} corrupted
 * @property {boolean} delayed
 * @property {number} copy_of frame that it is a duplicate of; 0: none
 * @property {number} forward_of frame that a router took its packet from, or that a switch passed on; 0: none
 *
 * A stretch of one connection's life in one state.
 * @typedef {{node: number, key: string, lane: number, state: string, from_us: number, from_id: number, to_us: number | null, to_id: number}} Band
 *
 * What is written beside a lifeline: a call, or the state that a connection comes to.
 * @typedef {{id: number, t_us: number, text: string, kind: 'call' | 'state'}} Note
 *
 * One step from state to state; a listener's has remote port 0.
 * @typedef {{id: number, t_us: number, node: number, key: string, cause: number, from: string, to: string, local_port: number, remote_port: number}} Transition
 *
 * @typedef {{id: number, t_us: number, node: number, socket: number, call: string, result: number, len_bytes: number}} Call
 *
 * A datagram that a node sent or got, with how many there were by then, how many bytes were in them, and how many came twice.
 * @typedef {{id: number, frame: number, original: number, count: number, bytes: number, extra: number}} DatagramNote
 *
 * @typedef {{id: number, node: number, key: string, timer: string, from_us: number, due_us: number, to_us: number | null, to_id: number, fired: boolean}} TimerSpan
 *
 * One end of a TCP connection, as its events tell.
 * @typedef {object} Connection
 * @property {string} key
 * @property {number} node
 * @property {number} socket 0: nobody has a handle on it
 * @property {number} local_port
 * @property {number} remote_port
 * @property {number} remote_addr
 * @property {string} state
 * @property {number} since_us
 * @property {number} since_id
 *
 * @typedef {object} NodeState
 * @property {Connection[]} connections in the order in which they began
 * @property {number[]} listening ports
 * @property {{call: string, result: number, t_us: number, id: number, len_bytes: number} | null} call the last one
 * @property {number} sent_bytes TCP and UDP payload that programs gave to sockets
 * @property {number} received_bytes ... and got from them
 * @property {{frame: number, way: 'down' | 'up', layer: Layer} | null} passing the frame that goes through its layers now
 *
 * @typedef {object} LabState
 * @property {number} t_us
 * @property {number} id the last event that it knows
 * @property {NodeState[]} nodes
 * @property {number[]} flying frames queued or on a link
 * @property {{node: number, key: string, timer: string, from_us: number, due_us: number}[]} timers
 * @property {number} moment id of the last event that has a sentence; 0: none yet
 *
 * @typedef {{name: string, address: string, mac: string}} NodeInfo
 */
export {};
