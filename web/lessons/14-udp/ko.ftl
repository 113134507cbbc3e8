title = TCP와 UDP 나란히
about = 같은 링크에서 두 전송 프로토콜이 무엇을 다르게 하는지 봅니다.

two-ways = [[udp|UDP]]는 연결 없이 [[datagram|데이터그램]]을 그냥 보냅니다. [[tcp|TCP]]는 연결을 맺고, 잃으면 다시 보냅니다. 같은 선에서 견줘 봅시다.

first-data = 짧은 글을 하나씩 보냅니다. 어느 쪽이 먼저 닿을까요?
    .choice-udp = UDP
    .choice-tcp = TCP
    .choice-same = 동시에
    .why-tcp = TCP는 핸드셰이크부터 해야 합니다.
    .why-same = TCP는 데이터 전에 한 번 왕복합니다.
    .after = UDP는 {$udp} ms, TCP는 {$tcp} ms입니다. 짧은 것 하나에는 연결을 맺는 왕복이 아깝습니다.

calm = 조용한 링크로 데이터그램 스무 개를 보냅니다. 순서대로 닿을까요?
    .choice-order = 보낸 순서 그대로
    .choice-mixed = UDP이므로 뒤섞여서
    .why-mixed = UDP는 섞지 않습니다. 섞는 것은 길입니다. 이 길은 섞지 않습니다.
    .after = {$n}개가 모두 순서대로 왔습니다. UDP는 순서를 약속하지 않을 뿐, 일부러 섞지 않습니다.

jitter = 이제 [[frame]]마다 지연이 달라 서로 앞지를 수 있습니다. 둘 다 10,000바이트를 보냅니다. 어느 쪽의 프로그램이 뒤섞인 것을 받을까요?
    .choice-udp-only = UDP만
    .choice-both = 둘 다
    .choice-neither = 아무도
    .why-both = TCP는 [[seq]]를 보고 제자리에 놓은 다음 줍니다.
    .why-neither = UDP에는 순서 번호가 없습니다. 온 대로 줍니다.
    .after = UDP는 {$falls}번 순서가 뒤바뀌었습니다. TCP도 {$held}번 뒤의 것을 먼저 받았지만, 붙들었다가 순서대로 주었습니다.

lossy = 이번에는 클라이언트에서 가는 프레임의 15%가 사라집니다. 둘 다 20,000바이트를 보냅니다. 5초 뒤 무엇이 빠져 있을까요?
    .choice-both-whole = 둘 다 온전하다
    .choice-udp-gaps = UDP에만 빈 곳이 있다
    .choice-both-gaps = 둘 다 빈 곳이 있다
    .why-both-whole = UDP는 사라진 것을 모르고, 다시 보내지도 않습니다.
    .why-both-gaps = TCP는 확인받지 못한 것을 다시 보냅니다.
    .after = UDP는 데이터그램 {$lost}개를 잃은 채이고, TCP는 세그먼트 {$again}개를 다시 보내 모두 채웠습니다.

streaming = 음악이나 영상은 늦게 온 조각이 쓸모없을 때가 많습니다. 그래서 빠진 채로 이어 가는 UDP가 어울립니다. 파일이라면 TCP입니다.

own-resend = UDP로 파일을 빠짐없이 보내려면 프로그램이 스스로 확인받아야 합니다. 하나 보내고 답을 기다리기를 다섯 번, 5,000바이트쯤입니다. TCP와 어느 쪽이 먼저 끝날까요? (TCP는 연결부터 합니다.)
    .choice-udp = UDP
    .choice-tcp = TCP
    .why-udp = 하나마다 왕복을 기다립니다. TCP는 여러 개를 한꺼번에 길에 올립니다.
    .after = UDP로 만든 것은 {$udp} ms, TCP는 연결까지 넣어 {$tcp} ms입니다. UDP가 언제나 빠르지는 않습니다. 빠른 까닭은 일을 덜 하기 때문입니다.

compare = 해 보기: 새로 연결해 TCP 데이터 하나와 UDP 데이터그램 하나를 각각 길에서 떨어뜨리고, 무엇이 닿는지 보세요.
    .hint-1 = connect() 뒤에 send()로 보내고, 날아갈 때 떨어뜨리세요.
    .hint-2 = 그다음 sendto()로 보내고 그것도 떨어뜨리세요. 그리고 재생하세요.
    .done = 됐습니다. TCP는 다시 보내고, UDP는 그대로입니다.
end = UDP는 연결도 약속도 없이 보냅니다. TCP는 순서와 재전송을 맡습니다. 어느 쪽이 빠른지는 할 일에 달렸습니다.
