# 방금 일어난 일. 사건 하나에 문장 하나. 조사는 낱말을 이어 붙이지 않고 문장마다 적습니다.

host-name = { $node ->
    [client] 클라이언트
    [server] 서버
    [router] 라우터
    [switch] 스위치
   *[other] { $node } 호스트
}
subject = { $node ->
    [client] 클라이언트가
    [server] 서버가
    [router] 라우터가
    [switch] 스위치가
   *[other] { $node } 호스트가
}
owner = { $node ->
    [client] 클라이언트의
    [server] 서버의
    [router] 라우터의
    [switch] 스위치의
   *[other] { $node } 호스트의
}
to-whom = { $to ->
    [client] 클라이언트에
    [server] 서버에
    [router] 라우터에
    [switch] 스위치에
   *[other] { $to } 호스트에
}
way = { $from ->
    [client] 클라이언트에서
    [server] 서버에서
    [router] 라우터에서
    [switch] 스위치에서
   *[other] { $from } 호스트에서
} { $to ->
    [client] 클라이언트로
    [server] 서버로
    [router] 라우터로
    [switch] 스위치로
   *[other] { $to } 호스트로
}
cargo = { $bytes ->
    [0] { $what }
   *[other] { $what }({ $bytes }바이트)
}
protocol-name = { $protocol ->
    [ethernet] 이더넷
    [arp] ARP
    [ipv4] IPv4
    [ipv6] IPv6
    [icmp] ICMP
    [udp] UDP
    [tcp] TCP
   *[other] { $protocol }
}
layer-of = { $protocol ->
    [ethernet] 링크 계층
    [arp] 링크 계층
    [ipv4] 인터넷 계층
    [ipv6] 인터넷 계층
    [icmp] 인터넷 계층
   *[other] 전송 계층
}

say-start = 두 호스트가 케이블 하나로 이어져 있습니다. 클라이언트는 닫혀 있고, 서버는 80번 포트에서 기다립니다. connect()를 눌러 연결해 보세요.
say-action = 사용자가 { $action } 명령을 내렸습니다.

say-done-faults = { owner } 스택이 지킬 규칙을 바꾸었습니다.
say-done-drop-next = 케이블에서 기다립니다. 다음에 지나가는 이 종류의 프레임을 버립니다.
say-done-exactly = 정해진 프레임에 일어날 일을 바꾸었습니다.
say-done-forge = { subject } 손으로 만든 세그먼트를 자기 스택을 거치지 않고 보냅니다.

say-call-socket = { owner } 프로그램이 소켓을 하나 만들었습니다.
say-call-bind = { owner } 프로그램이 소켓을 { $port }번 포트에 묶었습니다.
say-call-listen = { owner } 프로그램이 listen()을 불렀습니다. 이제 연결을 기다립니다.
say-call-accept = { owner } 프로그램이 accept()로 완성된 연결을 받았습니다.
say-call-connect = { owner } 프로그램이 connect()를 불렀습니다. 나머지는 운영체제의 몫입니다.
say-call-send = { owner } 프로그램이 send()로 { $bytes }바이트를 맡겼습니다.
say-call-recv = { $bytes ->
    [0] { owner } 프로그램이 recv()로 스트림의 끝을 확인했습니다.
   *[other] { owner } 프로그램이 recv()로 { $bytes }바이트를 읽었습니다.
}
say-call-sendto = { owner } 프로그램이 sendto()로 { $bytes }바이트 데이터그램을 맡겼습니다.
say-call-recvfrom = { owner } 프로그램이 recvfrom()으로 { $bytes }바이트 데이터그램을 받았습니다.
say-call-shutdown = { owner } 프로그램이 shutdown()으로 한쪽 방향을 끝냈습니다.
say-call-close = { owner } 프로그램이 close()를 불렀습니다. 더 보낼 것이 없다는 뜻입니다.
say-call-abort = { owner } 프로그램이 연결을 강제로 끊었습니다.
say-call-setsockopt = { owner } 프로그램이 소켓 설정을 바꿨습니다.
say-call-failed = { owner } 프로그램이 부른 { $call } 호출이 실패했습니다: { $error }.

say-segment-made = { $again ->
    [again] { owner } TCP가 { $segment } 세그먼트를 다시 만듭니다.
   *[new] { $bytes ->
        [0] { owner } TCP가 { $segment } 세그먼트를 만듭니다.
       *[other] { owner } TCP가 데이터 { $bytes }바이트를 실은 세그먼트를 만듭니다.
    }
}
say-segment-syn = { subject } SYN 세그먼트를 보냅니다. “연결합시다, 제 번호는 여기서 시작합니다.”
say-segment-syn-ack = { subject } SYN+ACK 세그먼트를 보냅니다. “받았습니다, 제 번호는 여기서 시작합니다.”
say-segment-ack = { subject } ACK 세그먼트를 보냅니다. “여기까지 받았습니다.”
say-segment-data = { subject } 데이터 { $bytes }바이트를 실은 세그먼트를 보냅니다.
say-segment-fin = { subject } FIN 세그먼트를 보냅니다. “제 쪽에서는 더 보낼 것이 없습니다.”
say-segment-rst = { subject } RST 세그먼트를 보냅니다. “이 연결은 끝났습니다. 더 보내지 마세요.”
say-segment-again = { subject } { $segment } 세그먼트를 다시 보냅니다.

say-state = { owner } 상태가 바뀌었습니다: { $from } → { $to }
say-state-listen = { $to ->
    [LISTEN] { subject } { $port }번 포트를 열고 기다립니다(LISTEN).
   *[other] { subject } { $port }번 포트에서 기다리기를 그만둡니다.
}
say-tcp-discarded = { subject } { $segment } 세그먼트를 쓰지 않고 버렸습니다: { discard-reason }.
say-held = { subject } 순서보다 먼저 온 { $bytes }바이트를 붙들고 빈 곳이 채워지기를 기다립니다.
say-in-order = { subject } { $bytes }바이트를 순서대로 받았습니다.
say-dup-ack = { subject } 같은 확인응답을 또 받았습니다. { $count }번째 중복 ACK입니다.
say-sacked = { subject } 빈 곳 뒤의 { $bytes }바이트가 이미 도착했음을 알았습니다(SACK).
say-lost = { subject } { $bytes }바이트를 잃은 것으로 봅니다. 다시 보낼 것입니다.
say-spurious = { subject } 잃은 것이 없었음을 알고 줄였던 혼잡 윈도를 되돌립니다. { $evidence ->
    [F_RTO] 다시 보내지 않은 데이터가 확인됐기 때문입니다(F-RTO).
    [TIMESTAMP] 확인응답이 재전송보다 오래된 타임스탬프를 되돌려 보냈기 때문입니다(Eifel).
   *[DSACK] 다시 보낸 것을 상대가 모두 두 번 받았다고 알렸기 때문입니다(DSACK).
}
say-timer-fired = { $timer ->
    [RETRANSMIT] { owner } 재전송 타이머가 다 됐습니다. 확인응답이 오지 않았습니다.
    [DELAYED_ACK] { owner } 지연 ACK 타이머가 다 됐습니다. 더 기다리지 않고 확인응답을 보냅니다.
    [TIME_WAIT] { owner } TIME_WAIT 기다림이 끝났습니다.
    [PERSIST] { owner } 윈도 탐색 타이머가 다 됐습니다.
    [KEEPALIVE] { owner } 연결 유지 타이머가 다 됐습니다.
    [REORDERING] { owner } 순서 바뀜을 기다리던 시간이 다 됐습니다. 빠진 것은 잃은 것으로 봅니다.
    [PACING] { owner } 보낼 차례가 됐습니다. 세그먼트를 간격을 두고 보냅니다(페이싱).
    [TAIL_PROBE] { owner } 꼬리 손실 탐색 타이머가 다 됐습니다.
    [OVERRIDE] { owner } 윈도가 넓어지기를 기다리던 시간이 다 됐습니다. 들어갈 만큼만 보냅니다.
    [FIN_WAIT_2] { owner } FIN_WAIT_2 타이머가 다 됐습니다.
   *[other] { owner } { $timer } 타이머가 다 됐습니다.
}

say-udp-made = { owner } UDP가 { $bytes }바이트 데이터그램을 만듭니다.
say-udp-sent = { subject } UDP 데이터그램({ $bytes }바이트)을 보냅니다. 연결도, 확인도 없습니다.
say-udp-received = { subject } UDP 데이터그램({ $bytes }바이트)을 받았습니다.
say-arp-asked = { subject } 링크의 모두에게 묻습니다. “{ $address } 주소를 가진 분, MAC 주소가 무엇인가요?”
say-arp-answered = { subject } 자기 MAC 주소를 알려 줍니다.
say-arp-learned = { subject } { $address } 주소의 MAC 주소를 알게 됐습니다.
say-arp-failed = { subject } { $address } 주소의 MAC 주소를 끝내 알아내지 못했습니다.
say-icmp-sent = { $type ->
    [8] { subject } ICMP 에코 요청을 보냅니다. “거기 있나요?”
    [0] { subject } ICMP 에코 응답을 보냅니다. “여기 있습니다.”
    [3] { subject } ICMP 도달 불가를 보냅니다.
   *[other] { subject } ICMP 메시지(유형 { $type })를 보냅니다.
}
say-icmp-received = { $type ->
    [8] { subject } ICMP 에코 요청을 받았습니다.
    [0] { subject } ICMP 에코 응답을 받았습니다.
    [3] { subject } ICMP 도달 불가를 받았습니다.
   *[other] { subject } ICMP 메시지(유형 { $type })를 받았습니다.
}
say-ping-reply = { subject } 핑의 답을 받았습니다. 왕복 { $ms } ms 걸렸습니다.

say-header-added = { owner } { layer-of }이 { protocol-name } 헤더 { $bytes }바이트를 앞에 붙였습니다. 이제 모두 { $total }바이트입니다.
say-header-removed = { owner } { layer-of }이 { protocol-name } 헤더 { $bytes }바이트를 벗겼습니다.
say-checksum-bad = { owner } { layer-of }이 { protocol-name } 체크섬이 맞지 않음을 알아챘습니다.
say-packet-dropped = { owner } { layer-of }이 이것을 버렸습니다: { drop-reason }.

say-frame-delivered = { cargo } 프레임이 { to-whom } 닿았습니다.
say-frame-sent = { cargo } 프레임이 { way } 떠났습니다.
say-frame-lost = { way } 가던 { cargo } 프레임이 사라졌습니다: { loss-reason }.
say-frame-corrupted = { way } 가던 { cargo } 프레임의 비트 하나가 뒤집혔습니다.
say-frame-duplicated = { way } 가던 { cargo } 프레임이 둘이 됐습니다.
say-frame-marked = 대기열이 길다는 뜻으로, { way } 가는 { cargo } 프레임을 버리는 대신 CE로 표시합니다.
say-frame-delayed = { way } 가던 { cargo } 프레임이 늦어집니다.
say-link-changed = { $links ->
    [1] 링크의
   *[other] ‘{ $link }’ 링크의
} 설정이 바뀌었습니다.
say-link-down = { $links ->
    [1] 케이블이
   *[other] ‘{ $link }’ 케이블이
} 뽑혔습니다.

loss-reason = { $reason ->
    [RANDOM] 링크가 프레임을 가끔 잃습니다
    [QUEUE] 링크 앞의 큐가 가득 찼습니다
    [DOWN] 케이블이 뽑혀 있습니다
    [TOO_BIG] 이 링크가 나르기에는 너무 큽니다
    [PERSON] 사용자가 떨어뜨렸습니다
    [EXACT] 시나리오가 바로 이 프레임을 버리게 되어 있습니다
   *[other] { $reason }
}
drop-reason = { $reason ->
    [MALFORMED] 이 프로토콜의 메시지가 아닙니다
    [TRUNCATED] 적힌 길이보다 짧습니다
    [BAD_FCS] 프레임 검사열(FCS)이 맞지 않습니다
    [BAD_CHECKSUM] 체크섬이 맞지 않습니다
    [NOT_FOR_US] 다른 호스트에게 온 것입니다
    [UNKNOWN_PROTOCOL] 아는 프로토콜이 아닙니다
    [NO_ROUTE] 목적지로 가는 경로가 없습니다
    [UNRESOLVED] 다음 홉이 대답하지 않았습니다
    [TTL_EXPIRED] TTL이 다 됐습니다
    [TOO_BIG] 링크가 나르기에는 너무 큽니다
    [FRAGMENT] 조각은 여기서 다시 합치지 않습니다
    [BAD_ADDRESS] 있을 수 없는 주소입니다
    [NO_PORT] 그 포트에서 기다리는 프로그램이 없습니다
    [QUEUE_FULL] 큐가 가득 찼습니다
    [NO_MEMORY] 메모리가 모자랍니다
    [INTERFACE_DOWN] 인터페이스가 꺼져 있습니다
   *[other] { $reason }
}
discard-reason = { $reason ->
    [OUT_OF_WINDOW] 수신 윈도 밖입니다
    [DUPLICATE] 이미 다 받은 것입니다
    [OLD_TIMESTAMP] 타임스탬프가 옛것입니다(PAWS)
    [NO_TIMESTAMP] 양쪽이 쓰기로 한 타임스탬프가 없습니다
    [NO_ACK] 반드시 있어야 할 ACK가 없습니다
    [UNACCEPTABLE_ACK] 보낸 적 없는 것을 확인응답했습니다
    [RST_NOT_EXACT] RST의 순서 번호가 정확하지 않습니다
    [SYN_IN_CONNECTION] 이미 열린 연결에 SYN이 왔습니다
    [NO_BUFFER] 담아 둘 자리가 없습니다
    [CLOSED_TO_DATA] 프로그램이 더 읽지 않습니다
    [BACKLOG_FULL] accept()를 기다리는 연결이 너무 많습니다
    [RST_IN_LISTEN] 기다리는 소켓에 RST는 뜻이 없습니다
   *[other] { $reason }
}
