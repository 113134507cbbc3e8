# 고장 도구와 세그먼트 만들기의 낱말.

kit-from-now = 보이는 순간부터 바뀝니다. 바꾼 것은 하나씩 되돌릴 수 있습니다.
kit-cable = 케이블
kit-chances = 우연히
kit-way = 방향
kit-way- = 양쪽
kit-way-a_to_b = { $a } → { $b }
kit-way-b_to_a = { $b } → { $a }
kit-differs = 서로 다름
kit-cut = 이 방향 끊기
kit-mend = 이 방향 잇기
kit-calm = 모두 정상으로
kit-delay_ms = 지연
kit-jitter_ms = 지터, 최대
kit-rate_bit_per_s = 속도
kit-queue_frames = 대기열
kit-ecn_mark_frames = ECN 표시 기준
kit-reorder_by_jitter = 지터 때문에 앞지를 수 있음
kit-loss = 손실
kit-loss_burst_frames = 한 번에 평균
kit-duplicate = 중복
kit-reorder = 순서 바뀜
kit-reorder_ms = 늦어지는 시간
kit-corrupt = 선에서 손상
kit-corrupt_inside = 장치에서 손상
kit-frames = 프레임
kit-next = 다음에 보내는 것 버리기
kit-next-from = { host-name }
match-syn = SYN
match-syn_ack = SYN+ACK
match-data = 데이터
match-ack = ACK
match-fin = FIN
match-rst = RST
match-tcp = TCP
match-udp = UDP
match-icmp = ICMP
match-arp = ARP
match-any = 프레임
kit-next-hint = { host-name }: 다음 { $what } 버리기
kit-exact = 정해진 프레임
kit-deed = 할 일
deed-drop = 버리기
deed-delay = 늦추기
deed-duplicate = 복제하기
deed-corrupt = 비트 뒤집기
kit-nth = 몇 번째
kit-match = 종류
kit-from = 보낸 쪽
kit-anybody = 어느 쪽이든
kit-by = 늦출 시간
kit-arrange = 정하기
kit-waiting = 프레임을 기다리는 것
kit-wish = { $way ->
    [a_to_b] { $a }에서 보내는
    [b_to_a] { $b }에서 보내는
   *[other] 어느 쪽에서든 보내는
} { $nth }번째 { $match }{ $count ->
    [1] { "" }
   *[other] {" "}등 { $count }개
}: { $deed ->
    [drop] 버리기
    [delay] 늦추기
    [duplicate] 복제하기
   *[corrupt] 비트 뒤집기
}
kit-forget = 모두 잊기
kit-rules = 호스트가 어기는 규칙
kit-rule = 규칙
kit-forge = 세그먼트를 손으로 만들기
rule-no_checksum_verify = 체크섬이 틀려도 받아들임
rule-deaf_tcp = TCP가 아무것도 듣지 않음: 사용자가 스택이 됨
rule-skip_time_wait = TIME_WAIT를 건너뜀
rule-fixed_isn = 연결을 늘 1000번에서 시작함
rule-no_backoff = 타임아웃이 나도 더 오래 기다리지 않음
rule-no_congestion_control = 혼잡 제어를 하지 않음
rule-no_sws_avoidance = 아주 작은 윈도도 알리고 채움
rule-no_delayed_ack = 세그먼트마다 바로 확인 응답함
rule-ignore_window = 상대의 윈도를 넘겨서 보냄
rule-no_paws = 오래된 중복을 번호만 보고 받음

forge-intro = 모든 필드를 맞든 틀리든 정한 대로 보냅니다. 호스트의 스택을 거치지 않습니다.
forge-node = 나가는 곳
forge-interface = 인터페이스
forge-interface-route = 경로를 따름
forge-as = 누구인 척
forge-to = 받는 주소
forge-from = 보낸 주소라고 쓸 것
forge-start = 시작할 모양
forge-start-next = 스택이 다음에 보낼 것
forge-start-reset = 번호가 맞는 RST
forge-start-blind = 윈도를 벗어난 RST
forge-start-syn = 연결 도중의 SYN
forge-start-old = 오래된 중복
forge-start-open = 꾸며 낸 포트의 SYN
forge-none = 아직 연결이 없어 빈 값으로 시작합니다.
forge-flags = 플래그
forge-seq = seq
forge-ack = ack
forge-window = 윈도
forge-known = 이 연결의 번호
forge-number = { $name }: { $field }에 { $number } 넣기
forge-options = 옵션
forge-mss = MSS
forge-window-scale = 윈도 배율
forge-sack-permitted = SACK 허용
forge-timestamp = 타임스탬프
forge-echo = 되돌림
forge-sack-left = SACK 시작
forge-sack-right = SACK 끝
forge-payload = 데이터
forge-wrong = 틀린 체크섬
forge-preview = 보낼 바이트: { $bytes }바이트
forge-way = 나가는 링크 { $name }: { $from } → { $to }
forge-preview-none = 보낼 수 없습니다: { $message }
forge-send = 보내기
forge-sent = 프레임 { $frame }번으로 보냈습니다.
