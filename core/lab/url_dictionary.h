/*
 * What lies before the text of a run's URL, for it to copy from: the words that scenarios and logs of actions are
 * full of. It is a part of version 1 and must never change; a better one would be version 2.
 */
#ifndef TCPLAB_LAB_URL_DICTIONARY_H
#define TCPLAB_LAB_URL_DICTIONARY_H

/* clang-format off */
static const char url_dictionary[URL_DICTIONARY_BYTES + 1] =
    "chema.json\"\"start_ms\":100,\"read_bytes_per_s\":1000,\"count\":4,\"send_buffer_bytes\":65536,\"rec"
    "eive_buffer_max_bytes\":0,\"initial_window_segments\":10,\"mss_max_bytes\":536,\"rto_min_us\":200000"
    ",\"rto_initial_us\":1000000,\"keepalive\":true,\"user_timeout_ms\":0,\"newreno\",\"none\",\"no_backo"
    "ff\",\"no_congestion_control\",\"no_sws_avoidance\",\"no_delayed_ack\",\"ignore_window\",\"no_paws\""
    ",\"no_checksum_verify\",\"deaf_tcp\",\"kind\":\"raw_ip\",\"mtu\":1400,\"fcs\":true,\"reorder_by_jitt"
    "er\":true,\"a_to_b\":{\"loss\":0.1},\"b_to_a\":{\"corrupt_inside\":0.01},\"at_ms\":1000,\"comment\":"
    "\"\",\"when\":{\"event\":\"tcp_timer_fired\",\"match\":\"fin\",\"from\":\"server\"}},{\"do\":\"shutd"
    "own\",\"how\":\"write\"},{\"do\":\"duplicate\",\"frame\":1},{\"do\":\"delay\",\"frame\":1,\"by_ms\":"
    "50},{\"do\":\"corrupt\",\"frame\":1,\"offset\":60,\"bit\":0,\"inside\":true},{\"do\":\"setsockopt\","
    "\"option\":\"TCP_NODELAY\",\"value\":1},{\"do\":\"sendto\",\"to\":\"10.0.0.2:5000\"},{\"do\":\"link"
    "\",\"link\":\"wire\"},{\"do\":\"stop\",\"app\":1},\"LISTEN\",\"SYN_SENT\",\"SYN_RCVD\",\"FIN_WAIT_1"
    "\",\"FIN_WAIT_2\",\"CLOSE_WAIT\",\"CLOSING\",\"LAST_ACK\",\"TIME_WAIT\",\"CLOSED\"{\"scenario\":{\"t"
    "cplab\":1,\"title\":\"\",\"description\":\"\",\"seed\":1,\"nodes\":[{\"name\":\"client\",\"kind\":\""
    "host\",\"interfaces\":[{\"address\":\"10.0.0.1/24\",\"mac\":\"02:00:00:00:00:01\"}],\"apps\":[{\"app"
    "\":\"sender\",\"to\":\"10.0.0.2:80\",\"text\":\"\",\"close\":true}]},{\"name\":\"server\",\"kind\":"
    "\"host\",\"interfaces\":[{\"address\":\"10.0.0.2/24\",\"mac\":\"02:00:00:00:00:02\"}],\"apps\":[{\"a"
    "pp\":\"receiver\",\"port\":80,\"protocol\":\"tcp\",\"close\":false,\"keep\":true},{\"app\":\"receive"
    "r\",\"port\":5000,\"protocol\":\"udp\",\"keep\":true}]},{\"name\":\"router\",\"kind\":\"router\",\"a"
    "ddress\":\"10.0.1.254/24\",\"routes\":[{\"to\":\"0.0.0.0/0\",\"via\":\"10.0.0.254\"}],\"tcp\":{\"con"
    "gestion\":\"cubic\",\"nagle\":false,\"sack\":false,\"timestamps\":false,\"window_scale\":false,\"rec"
    "eive_buffer_bytes\":4096,\"delayed_ack_us\":0,\"msl_us\":1000000},\"faults\":[\"skip_time_wait\",\"f"
    "ixed_isn\"]}],\"links\":[{\"name\":\"wire\",\"between\":[\"client\",\"server\"],\"delay_ms\":20,\"ra"
    "te_bit_per_s\":10000000,\"queue_frames\":100,\"jitter_ms\":5,\"loss\":0.05,\"loss_burst_frames\":3,"
    "\"duplicate\":0.02,\"reorder\":0.05,\"reorder_ms\":4,\"corrupt\":0.01,\"up\":true,\"exactly\":[{\"dr"
    "op\":{\"match\":\"data\",\"from\":\"client\",\"nth\":2}},{\"delay\":{\"match\":\"ack\",\"from\":\"se"
    "rver\",\"every\":2,\"by_ms\":100}}]}],\"end_ms\":1000,\"end_when\":{\"node\":\"server\",\"state\":\""
    "ESTABLISHED\",\"after_ms\":10}},\"actions\":[{\"at_us\":0,\"step\":10,\"command\":{\"do\":\"socket\""
    ",\"node\":\"server\",\"type\":\"tcp\"}},{\"at_us\":0,\"step\":0,\"command\":{\"do\":\"bind\",\"node"
    "\":\"server\",\"socket\":1,\"port\":80}},{\"command\":{\"do\":\"listen\",\"node\":\"server\",\"socke"
    "t\":1,\"backlog\":16}},{\"command\":{\"do\":\"connect\",\"node\":\"client\",\"socket\":1,\"to\":\"se"
    "rver:80\"}},{\"command\":{\"do\":\"send\",\"node\":\"client\",\"socket\":1,\"text\":\"Hello\"}},{\"c"
    "ommand\":{\"do\":\"accept\",\"node\":\"server\",\"socket\":1}},{\"command\":{\"do\":\"recv\",\"max\""
    ":65536}},{\"command\":{\"do\":\"close\"}},{\"command\":{\"do\":\"drop\",\"frame\":12}},{\"command\":"
    "{\"do\":\"abort\"}},{\"do\":\"drop_next\",\"link\":\"wire\",\"direction\":0,\"match\":\"syn\",\"coun"
    "t\":1},{\"do\":\"ping\"},{\"do\":\"start\",\"app\":{\"app\":\"echo\"}},{\"do\":\"forge\",\"flags\":"
    "\"SYN,ACK\",\"seq_relative\":1,\"ack_relative\":1},\"blob\":true},\"base64\":\"\",\"FIN,ACK\",\"chun"
    "k\":1024,\"interval_ms\":100,\"bytes\":100000";
/* clang-format on */

#endif
