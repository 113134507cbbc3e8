# 서랍에 담긴 화면들의 말.

drawer = 자세히 보기
drawer-host = 호스트
view-loading = 불러오는 중입니다…
view-lost = 이 화면을 불러오지 못했습니다.
tab-packet = 패킷
tab-machine = 상태 기계
tab-sequence = 순서 공간
tab-graphs = 그래프
tab-tables = 표
tab-code = 프로그램
tab-events = 이벤트
tab-faults = 고장
tab-forge = 위조
tab-terminal = 터미널

payload = 데이터
packet-none = 화살표나 프레임을 고르면 여기에 속이 보입니다.
packet-gone = 이 프레임의 바이트는 아직 없거나 더는 보관되어 있지 않습니다.
packet-bar = 모두 { $bytes }바이트, 헤더마다 한 줄무늬
packet-bytes = { $bytes }바이트를 16진수로
packet-more = … 그리고 { $bytes }바이트 더
packet-why = 왜 보냈나
packet-absolute = 절대 번호 { $number }
packet-place = 바이트 { $from }부터 { $bytes }바이트
packet-bits = · 그중 비트 { $at }부터 { $count }비트
packet-compare = 견주어 볼 것
packet-compare-none = 없음
packet-this = 이 프레임
packet-other = 견준 프레임
packet-between = … 그 사이 { $steps }단계
packet-life = 지나온 길
packet-caused = 이것이 일으킨 일
sum-how = RFC 1071에 따라 16비트 낱말을 모두 더합니다.
sum-pseudo = 주소, 프로토콜, 길이
sum-header = 헤더, 이 칸은 0으로
sum-data = 데이터
sum-words = 낱말 { $words }개
sum-all = 합
sum-folded = 접은 합
sum-folded-how = 넘친 자리를 다시 더함
sum-turned = 1의 보수
sum-turned-how = 모든 비트를 뒤집음
sum-field = 프레임에 적힌 값
sum-equal = ✓ 같음
sum-differs = ✕ 다름: 깨졌음
life-frame-queued = 케이블 앞에서 차례를 기다립니다. 앞에 프레임 { $frames }개.
life-checksum-checked = { protocol-name } 체크섬이 맞습니다.
life-tcp-segment-received = { owner } TCP가 { $segment } 세그먼트를 살펴봅니다.
life-socket-ready = { owner } 소켓이 준비되었습니다: { $ready }.
life-tcp-timer-armed = { owner } 타이머를 맞춥니다: { $timer }.
life-tcp-timer-stopped = { owner } 타이머를 멈춥니다: { $timer }.
life-tcp-acked = { owner } 데이터가 확인응답되었습니다.
life-tcp-rtt-sample = { subject } 왕복 시간을 쟀습니다.
life-tcp-send-window = { subject } 더 보내도 되는 양을 알게 되었습니다.
life-tcp-congestion = { owner } 혼잡 윈도가 바뀌었습니다.
life-app-step = { owner } 프로그램이 다음 줄로 갑니다.

badge-0 = 클
badge-1 = 서
machine-picture = TCP의 열한 상태와 그 사이의 길. 같은 내용이 아래 목록에도 있습니다.
machine-now = { host-name } 지금
machine-been = 지나온 상태
machine-go = { $state }: 이 상태가 된 때로 가기
machine-path = 지나온 길
machine-next = 다음에 일어날 수 있는 일
next-listen = 프로그램이 listen()을 부르면.
next-connect = 프로그램이 connect()를 부르면: SYN을 보냅니다.
next-syn = SYN이 오면: SYN+ACK로 답합니다.
next-send = 기다리는 소켓으로 보내면. RFC 9293에는 있지만 소켓에는 이런 호출이 없습니다.
next-close-quietly = 프로그램이 close()를 부르면. 보낼 것은 없습니다.
next-syn-both = ACK 없는 SYN이 오면: 양쪽이 함께 여는 중입니다.
next-syn-ack = SYN+ACK가 오면: ACK로 답합니다.
next-ack-of-syn = 우리 SYN에 대한 ACK가 오면.
next-close = 프로그램이 close()를 부르면: FIN을 보냅니다.
next-fin = FIN이 오면: ACK로 답합니다.
next-ack-of-fin = 우리 FIN에 대한 ACK가 오면.
next-fin-both = 우리 FIN이 확인되기 전에 상대의 FIN이 오면.
next-fin-ack = 우리 FIN까지 확인하는 FIN이 오면.
next-time = 세그먼트 최대 수명의 두 배(2 MSL)가 지나면.
next-reset = RST가 오거나, 프로그램이 연결을 버리거나, 여러 번 보내도 답이 없으면.

seq-way = 방향
seq-sends = { host-name } 송신
seq-receives = { host-name } 수신
seq-picture = 순서 번호를 축척대로 그린 그림. 위는 보내는 쪽, 아래는 받는 쪽. 같은 내용이 표에도 있습니다.
seq-lens = 돋보기 위치
seq-bytes = 바이트 하나하나
seq-edge = 보낼 수 있는 끝
seq-window = 윈도 끝
seq-none = 이 방향으로는 아직 아무것도 보내지 않았습니다. 연결한 다음 글을 보내 보세요.
seq-flight = 가는 중 { $bytes }.
seq-cwnd = 혼잡 윈도는 { $bytes }까지 허락합니다.
seq-count = { $count }개
part-control = SYN이나 FIN: 번호만 차지함
part-acked = 확인응답됨
part-flight = 가는 중
part-sacked = 빈틈 뒤에 도착(SACK)
part-lost = 잃은 것으로 봄
part-sendable = 썼고, 보낼 수 있음
part-free = 윈도에 남은 자리
part-beyond = 썼지만 기다려야 함
part-read = 프로그램이 읽음
part-waiting = 순서대로 왔고 아직 안 읽음
part-held = 빈틈 뒤라 보관 중
part-open = 윈도에 남은 자리

graph-hint = 누르면 그 순간으로, 끌면 그 구간을 크게, 두 번 누르면 전체를 봅니다.
graph-none = 이쪽에서는 아직 아무것도 보내지 않았습니다. 연결해서 글을 보내면 선이 자라납니다.
graph-zoom = 시간 구간
graph-at = { $time }의 값
graph-sequence = 시간과 순서 번호
graph-sequence-picture = 세그먼트마다 보낸 때와 실은 번호를 막대로 그리고, 확인응답된 번호를 아래에, 윈도의 끝을 위에 그린 그래프
graph-bytes = 윈도
graph-bytes-picture = 가는 중인 바이트, 혼잡 윈도, 느린 시작 문턱, 상대의 윈도가 시간에 따라 바뀌는 그래프
graph-time = 왕복 시간
graph-time-picture = 잰 왕복 시간과 그 평균, 재전송 타임아웃이 시간에 따라 바뀌는 그래프
graph-rate = 속도
graph-rate-picture = 보낸 양과 순서대로 도착한 양을 초당 비트로 그린 그래프
graph-queue = 큐
graph-queue-picture = 케이블 앞에서 기다리는 프레임 수를 방향마다 그린 그래프
line-edge = 윈도 끝
line-ack = 확인응답됨
line-flight = 가는 중
line-cwnd = cwnd
line-ssthresh = ssthresh
line-window = 상대 윈도
line-rto = RTO
line-srtt = SRTT
line-rtt = 잰 값
line-sent = 보낸 양
line-got = 순서대로 도착
line-queue-0 = 클라이언트 쪽
line-queue-1 = 서버 쪽

table-sockets = 소켓
table-timers = 돌고 있는 타이머
table-arp = 이웃(ARP)
table-addresses = 배운 주소
table-routes = 경로
table-interfaces = 인터페이스
table-counters = TCP 카운터
table-none = 없음
route-direct = 직접
column-socket = 번호
column-ends = 이쪽과 상대
column-state = 상태
column-unread = 안 읽음
column-unsent = 안 보냄
column-timer = 타이머
column-left = 남은 시간
column-due = 끝나는 때
column-address = 주소
column-mac = MAC
column-port = 포트
column-age = 나이
column-waiting = 대기
column-to-net = 목적지
column-via = 거쳐 갈 곳
column-interface = 인터페이스
column-mtu = MTU
column-in = 들어옴
column-out = 나감
column-counter = 카운터
column-count = 수
tcb-send = 보내기
tcb-receive = 받기
tcb-congestion = 혼잡 제어
tcb-time = 시간
tcb-of = 소켓 { $socket }
tcb-not-sent-bytes = 아직 안 보냄
tcb-unacked-bytes = 가는 중
tcb-send-buffer-bytes = 송신 버퍼
tcb-receive-queue-bytes = 아직 안 읽음
tcb-out-of-order-bytes = 순서 밖 보관
tcb-receive-buffer-bytes = 수신 버퍼
tcb-ca-state = 단계
tcb-dup-acks = 중복 ACK
tcb-lost-segments = 잃은 것으로 봄
tcb-retransmitted-segments = 재전송
tcb-rtt-min-us = 최소 RTT
tcb-backoff = 백오프

code-person = 여러분
code-person-none = 아직 부른 것이 없습니다. 단추나 터미널로 부를 수 있습니다.
waits-accept = accept()에서 누군가 연결하기를 기다립니다.
waits-recv = recv()에서 데이터나 스트림의 끝을 기다립니다.
waits-datagram = recvfrom()에서 데이터그램을 기다립니다.
waits-connect = 핸드셰이크를 기다립니다. SYN+ACK가 오면 connect()가 끝납니다.
waits-send = send()에서 송신 버퍼에 자리가 나기를 기다립니다.
waits-end = 상대도 끝내기를 기다립니다.
waits-reply = 답을 기다립니다.
waits-person = 여러분을 기다립니다. 다음에 무엇을 부를지는 여러분이 정합니다.
waits-done = 끝났습니다.

row-header-added = { protocol-name } 헤더 { $bytes }바이트를 붙임: 이제 { $total }바이트
row-header-removed = { protocol-name } 헤더 { $bytes }바이트를 뗌
event-lab = 실험실
event-cause = 원인 보기
list-events = 이벤트
list-frames = 프레임
list-filter = 거르기: syn, rtt, frame …
list-layers = 보여 줄 계층
list-none = 맞는 것이 없습니다.

term-start = help를 입력해 보세요. 명령은 지금 보이는 순간에 실행됩니다.
term-log = 출력
term-hints = 추천
term-unknown = “{ $word }”: 모르는 말입니다. help로 명령을 볼 수 있습니다.
term-number = 숫자가 없거나 “{ $word }”, 숫자가 아닙니다.
term-time = 시간이 없거나 “{ $word }”, 시간이 아닙니다. 예: 20ms, 1.5s, 300us.
term-text = 보낼 글이 없습니다.
term-no-frame = 날아가는 프레임이 없습니다.
term-nothing = 아직 보낸 프레임이 없습니다.
term-help = { $usage } — { $command ->
    [help] 이 목록
    [connect] 서버의 80번 포트나 다른 포트로 새 연결
    [send] 글을 TCP로 보내기
    [recv] 도착한 데이터 읽기
    [close] 보내기를 끝내고 소켓 닫기
    [shutdown] 보내기만 끝내고 계속 받기
    [abort] 연결 끊어 버리기(RST)
    [sendto] 글을 UDP 데이터그램으로 보내기
    [ping] ICMP 에코
    [ss] 소켓 표
    [timers] 돌고 있는 타이머
    [ip] 주소, 경로, 이웃
    [tcpdump] 최근 프레임
    [drop] 날아가는 프레임이나 다음에 올 것 떨어뜨리기
    [delay] 날아가는 프레임 늦추기
    [duplicate] 프레임 복제하기
    [corrupt] 프레임의 비트 뒤집기
    [link] 케이블 설정: 지연은 ms, 속도는 Mbit/s, 확률은 퍼센트
    [step] 한 걸음 앞으로, 뒤로, 다음 세그먼트로, 다음 상태로
    [undo] 마지막에 한 일 되돌리기
    [redo] 되돌린 일 다시 하기
    [play] 시간 흐르게 하기
    [pause] 시간 멈추기
    [seek] 그 시각으로 가기
    [time] 지금 보이는 시각
    [host] 누구의 터미널인지 바꾸기
    [history] 입력했던 것
   *[clear] 화면 비우기
}
