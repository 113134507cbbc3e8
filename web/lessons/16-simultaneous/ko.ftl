title = 동시에 열고 동시에 닫기
about = 두 쪽이 똑같은 순간에 같은 일을 하면 TCP는 어떻게 하는지 봅니다.

two-callers = 두 호스트 모두 `listen()`을 부르지 않은 [[port]]를 씁니다. 4000번과 5000번입니다. 이제 둘이 같은 순간에 서로에게 `connect()`를 부릅니다.

nobody-listens = 기다리는 서버가 없습니다. 클라이언트는 결국 어떤 상태가 될까요?
    .why-closed = [[rst]]를 보낼 까닭이 없습니다. 양쪽 다 연결을 원하고, 서로의 SYN이 들어맞습니다.
    .why-syn-sent = 상대의 SYN을 받으면 SYN_SENT에서 나아갑니다.
    .after = [[established]]입니다. [[tcp]]에서 서버는 꼭 있어야 하는 것이 아닙니다. 이것이 [[simultaneous-open|동시 열기]]입니다.

look-back = 세그먼트 {$n}개가 오갔습니다. [[syn]] 둘, [[syn-ack]] 둘. 연결은 둘이 아니라 하나입니다.

passing = 두 쪽은 [[syn-sent]]에서 ESTABLISHED로 가는 동안 어떤 상태를 지났을까요?
    .choice-rcvd = 둘 다 SYN_RCVD를 지났다
    .choice-direct = 둘 다 곧바로 갔다
    .choice-one-each = 하나만 SYN_RCVD를 지났다
    .why-direct = 상대의 SYN은 왔지만 내 SYN은 아직 확인받지 못했습니다. 그 사이의 상태가 있습니다.
    .why-one-each = 둘은 똑같은 일을 했습니다. 서버와 클라이언트의 구별이 없습니다.
    .after = 둘 다 SYN_SENT에서 [[syn-rcvd|SYN_RCVD]]로, 다시 ESTABLISHED로 갔습니다. 상태 그림의 드문 길입니다.

chat = 여느 연결과 똑같이 데이터가 오갑니다. 누가 걸었는지는 이제 아무 상관이 없습니다.

crossed = 이번에는 둘이 같은 순간에 `close()`를 부릅니다. [[fin]] 둘이 길에서 엇갈립니다. 상대의 FIN을 받은 클라이언트는 어떤 상태일까요?
    .why-fin-wait-2 = [[fin-wait-2]]는 내 FIN이 확인된 다음입니다. 엇갈린 FIN은 내 FIN을 확인하지 않습니다.
    .why-close-wait = [[close-wait]]는 내가 아직 닫지 않았을 때의 상태입니다.
    .why-time-wait = 내 FIN은 아직 확인받지 못했습니다. 그 앞에 상태가 하나 더 있습니다.
    .after = [[closing|CLOSING]]입니다. 내 FIN의 확인을 기다립니다. 닫기가 언제나 FIN, [[ack]], FIN, ACK 차례는 아닙니다.

both-wait = ACK 둘이 도착하면 서버는 어떤 상태가 될까요?
    .why-closed = 먼저 닫은 쪽이 기다립니다. 이번에는 둘 다 먼저 닫았습니다.
    .why-last-ack = LAST_ACK는 상대의 FIN을 받은 뒤에 닫은 쪽의 상태입니다. 서버는 받기 전에 닫았습니다.
    .why-closing = 기다리던 ACK가 왔습니다.
    .after = 둘 다 [[time-wait]]입니다. 둘 다 먼저 닫았으니 둘 다 기다립니다.

cross-fins = 해 보기: 서버의 80번 포트에 연결한 다음, 두 FIN이 엇갈리게 닫아 CLOSING을 만들어 보세요.
    .hint-1 = 한쪽의 close() 뒤, 그 FIN이 닿기 전에 다른 쪽도 닫아야 합니다.
    .hint-2 = 클라이언트의 close()를 누르자마자 멈추고, 서버의 close()를 누르세요.
    .done = 됐습니다. 두 FIN이 엇갈렸습니다.
end = TCP는 서버와 클라이언트를 구별하지 않습니다. 열기도 닫기도 두 쪽이 함께 시작할 수 있고, 상태 그림에는 그 길도 있습니다.
