title = 체크섬과 깨진 비트
about = 비트 하나가 뒤집히면 어느 계층이 알아채는지 봅니다.

three-sums = [[frame]] 하나에 검사값이 여럿 있습니다. 이더넷의 [[fcs|FCS]], IPv4 헤더 체크섬, [[tcp]]나 [[udp]]의 [[checksum|체크섬]]입니다. 지키는 범위가 다릅니다.

on-wire = 선 위에서 데이터의 비트 하나가 뒤집힙니다. 서버에서 누가 알아챌까요?
    .choice-link = 링크 계층 (FCS)
    .choice-internet = 인터넷 계층 (IPv4 헤더)
    .choice-transport = 전송 계층 (체크섬)
    .choice-nobody = 아무도
    .why-internet = IPv4의 체크섬은 IP 헤더만 지킵니다. 데이터는 보지 않습니다.
    .why-transport = TCP도 알아챌 수 있지만, 그 전에 링크 계층에서 걸립니다.
    .why-nobody = 선 위의 뒤집힘을 잡으려고 FCS가 있습니다.
    .after = FCS가 맞지 않아 버려졌고, TCP가 {$again}번 다시 보냈습니다. TCP에게는 손실과 똑같아 보입니다.

inside = 이번에는 중간 장치 안에서 비트가 뒤집히고, 장치가 FCS를 새로 계산해 붙입니다. 누가 알아챌까요?
    .choice-link = 링크 계층 (FCS)
    .choice-internet = 인터넷 계층 (IPv4 헤더)
    .choice-transport = 전송 계층 (체크섬)
    .choice-nobody = 아무도
    .why-link = FCS는 깨진 뒤에 새로 계산됐습니다. 맞습니다.
    .why-internet = IPv4의 체크섬은 IP 헤더만 지킵니다.
    .why-nobody = TCP 체크섬은 보낸 호스트에서 받는 호스트까지 그대로 갑니다.
    .after = TCP 체크섬이 잡았습니다. FCS는 링크 하나를, TCP 체크섬은 끝에서 끝까지를 지킵니다. 그래서 둘 다 있습니다.

udp-inside = 같은 일이 UDP [[datagram]]에 일어납니다. 누가 알아챌까요?
    .choice-link = 링크 계층 (FCS)
    .choice-internet = 인터넷 계층 (IPv4 헤더)
    .choice-transport = 전송 계층 (체크섬)
    .choice-nobody = UDP에는 체크섬이 없으니 아무도
    .why-link = FCS는 깨진 뒤에 새로 계산됐습니다.
    .why-internet = IPv4의 체크섬은 IP 헤더만 지킵니다.
    .why-nobody = UDP 헤더에도 체크섬이 있습니다. 없는 것은 재전송입니다.
    .after = UDP 체크섬이 잡아 버렸습니다. UDP도 검사는 합니다. 다시 보내지 않을 뿐입니다.

ip-header = 이번에는 장치 안에서 [[ip]] 헤더의 [[ttl]] 비트가 뒤집힙니다. 누가 알아챌까요?
    .choice-link = 링크 계층 (FCS)
    .choice-internet = 인터넷 계층 (IPv4 헤더)
    .choice-transport = 전송 계층 (체크섬)
    .choice-nobody = 아무도
    .why-link = FCS는 깨진 뒤에 새로 계산됐습니다.
    .why-transport = UDP 체크섬은 TTL을 셈에 넣지 않습니다. [[router]]마다 바뀌는 값이기 때문입니다.
    .why-nobody = IPv4 헤더에는 자기 체크섬이 있습니다.
    .after = IPv4 헤더 체크섬이 잡았습니다. [[layer]]마다 자기가 읽는 것을 스스로 검사합니다.

unchecked = 이 클라이언트의 스택은 고장이 나 있어 체크섬을 검사하지 않습니다. 서버가 “pay 100”을 보내고, 장치 안에서 비트가 뒤집힙니다. 클라이언트에서 누가 알아챌까요?
    .choice-link = 링크 계층 (FCS)
    .choice-internet = 인터넷 계층 (IPv4 헤더)
    .choice-transport = 전송 계층 (체크섬)
    .choice-nobody = 아무도
    .why-link = FCS는 깨진 뒤에 새로 계산됐습니다.
    .why-internet = IPv4의 체크섬은 IP 헤더만 지킵니다.
    .why-transport = 세그먼트의 체크섬은 틀렸지만, 이 클라이언트는 그것을 보지 않습니다.
    .after = 아무도 몰랐고, TCP는 틀린 데이터를 확인응답까지 했습니다.

damage = 프로그램은 {$n}바이트를 읽었습니다. 길이도 순서도 맞지만 내용이 틀렸습니다. 패킷 창에서 바이트를 견줘 보세요.

catch-one = 해 보기: 클라이언트에서 글을 보내고 날아가는 프레임의 비트를 뒤집으세요. 서버가 버리고, TCP가 다시 보내 결국 닿게 하세요.
    .hint-1 = send()를 누르고 프레임이 날아갈 때 멈추세요.
    .hint-2 = 프레임을 누르고 “비트 뒤집기”를 고른 뒤 재생하세요.
    .done = 됐습니다. 깨진 것은 버리고, 버린 것은 다시 보냅니다.
end = FCS는 링크 하나를, IPv4 체크섬은 IP 헤더를, TCP와 UDP의 체크섬은 끝에서 끝까지를 지킵니다.
