# 케이블 하나보다 많은 실험실에서만 하는 말: 스위치와 라우터. lab-net과 함께 옵니다.

say-start-net = 아직 아무것도 오가지 않았습니다. 클라이언트와 서버 사이에 네트워크가 있습니다. connect()를 눌러 연결해 보세요.

which-switch = { $node ->
    [switch] 스위치가
   *[other] { $node } 스위치가
}
at-port = { $port ->
    [client] 클라이언트 쪽 포트
    [server] 서버 쪽 포트
    [router] 라우터 쪽 포트
    [switch] 스위치 쪽 포트
   *[other] { $port } 쪽 포트
}
say-switch-learned = { which-switch } { $mac } 주소가 { $moved ->
    [0] { at-port }에 있음을
   *[other] 이제 { at-port }에 있음을
} 배웁니다.
say-switch-forwarded = { which-switch } { cargo } 프레임을 { at-port }로만 내보냅니다. 받을 곳이 거기 있음을 배워 두었습니다.
say-switch-flooded = { which-switch } { cargo } 프레임을 다른 포트 { $ports }개로 모두 내보냅니다. { $reason ->
    [BROADCAST] 모두에게 가는 프레임입니다.
    [MULTICAST] 여러 곳에 가는 프레임입니다.
   *[other] 받을 곳이 어느 포트에 있는지 아직 모릅니다.
}
say-switch-filtered = { which-switch } { cargo } 프레임을 내보내지 않습니다. { $reason ->
    [RESERVED] 바로 옆까지만 가는 주소입니다.
   *[other] 받을 곳이 프레임이 온 쪽에 있습니다.
}
say-switch-forgot = { which-switch } { at-port }에 있던 { $mac } 주소를 잊습니다. { $reason ->
    [AGED] 오랫동안 거기서 온 것이 없습니다.
    [PORT_DOWN] 그 포트의 케이블이 뽑혔습니다.
   *[other] 표가 가득 차서, 가장 오래 조용하던 주소를 지웁니다.
}

rule-icmp-net-unreachable = 경로가 없는 라우터는 ICMP 목적지 도달 불가로 답한다.
rule-icmp-host-unreachable = 다음 홉에서 아무도 찾지 못한 라우터는 ICMP 호스트 도달 불가로 답한다.
rule-icmp-time-exceeded = TTL이 다 된 패킷은 버리고, 보낸 쪽에 알린다.
rule-icmp-too-big = 다음 링크에 너무 크고 조각낼 수 없는 패킷은 버리고, 보낸 쪽에 맞는 크기를 알린다.
rule-switch-learn = 프레임을 보낸 쪽은 그 프레임이 들어온 포트에 있다.
rule-switch-forward = 받을 곳이 어느 포트에 있는지 안다. 그 포트로만 내보낸다.
rule-switch-flood = 받을 곳이 어디 있는지 모르거나, 여럿에게 간다. 다른 모든 포트로 내보낸다.
rule-switch-filter = 받을 곳이 프레임이 온 쪽에 있다. 더 보내지 않는다.
rule-switch-age = 에이징 시간 동안 소식이 없던 주소는 잊는다.
