title = 4방향 종료
about = FIN과 ACK로 두 방향을 따로 닫습니다. 언제나 네 세그먼트는 아닙니다.

open = 연결이 하나 있습니다. 두 쪽 모두 [[established]]입니다.

fin = 클라이언트가 `close()`를 불렀습니다. [[fin|FIN]]이 나갑니다. “제 쪽에서는 더 보낼 것이 없습니다.” 클라이언트는 [[fin-wait-1|FIN_WAIT_1]]입니다.

fin-ack = FIN의 [[seq]]는 {$seq}이고 데이터는 없습니다. 서버는 몇 번으로 확인응답할까요?
    .why = FIN도 [[syn]]처럼 번호 하나를 차지합니다.
    .why-same = 그 번호라면 FIN은 아직 받지 못했다는 뜻이 됩니다. FIN은 번호 하나를 차지합니다.
    .after = 하나 큰 수입니다. 서버는 [[close-wait|CLOSE_WAIT]]가 됐고, 서버 프로그램이 곧바로 `close()`를 불러 서버의 FIN도 뒤따라 나갔습니다.

four = FIN, [[ack]], FIN, ACK. 닫는 데 {$n}개가 오갔습니다. 서버는 CLOSED, 클라이언트는 [[time-wait|TIME_WAIT]]입니다. FIN에는 ACK 플래그도 함께 켜져 있습니다.

again = 새 연결입니다. 이번에는 서버가 보낼 첫 ACK가 길에서 사라지게 해 두었습니다.

three = 클라이언트가 `close()`를 부르고, FIN에 대한 서버의 ACK가 사라집니다. 닫기는 어떻게 될까요?
    .choice-three = 닿은 세 세그먼트로 끝난다
    .choice-resend = 누군가 다시 보내야 끝난다
    .choice-stuck = 끝나지 않는다
    .why-resend = 서버의 FIN에도 같은 확인응답 번호가 적혀 있습니다. 따로 온 ACK가 없어도 됩니다.
    .why-stuck = 잃은 것이 있으면 스택이 다시 보냅니다. 그런데 이번에는 그럴 필요도 없었습니다.
    .after = FIN, FIN+ACK, ACK. 셋으로 끝났고 다시 보낸 것은 없습니다. ACK를 FIN에 함께 싣는 스택도 많습니다. 네 개는 규칙이 아니라 흔한 모습입니다.

slow-server = 이번 서버 프로그램(81번 [[port]])은 `close()`를 서둘러 부르지 않습니다.

after-fin = 클라이언트가 보내기를 끝냅니다(`shutdown()`, FIN). 서버는 어떤 상태에 머물까요?
    .why-established = FIN을 받으면 상대가 다 보냈음을 압니다. 상태가 바뀝니다.
    .why-last-ack = LAST_ACK는 서버도 FIN을 보낸 다음입니다. 서버 프로그램은 아직 닫지 않았습니다.
    .why-closed = 닫힌 것은 한쪽 방향뿐입니다. 서버는 아직 보낼 수 있습니다.
    .after = [[close-wait|CLOSE_WAIT]]입니다. 운영체제는 FIN을 확인응답했지만, 나머지 반을 닫는 일은 프로그램의 `close()`를 기다립니다.

half = CLOSE_WAIT인 서버가 지금 데이터를 보냅니다. 어떻게 될까요?
    .choice-arrives = 클라이언트가 받는다
    .choice-refused = send()가 실패한다
    .choice-reset = 클라이언트가 RST로 거절한다
    .why-refused = FIN은 클라이언트에서 서버로 가는 방향만 닫았습니다. 서버의 보내기는 열려 있습니다.
    .why-reset = 클라이언트는 보내기만 끝냈고(`shutdown`) 읽기는 열어 두었습니다.
    .after = {$bytes}바이트가 닿고 확인응답까지 왔습니다. FIN은 한 방향만 닫습니다. 이것이 [[half-close|반만 닫기]]입니다.

forgotten = 서버 프로그램이 `close()`를 잊었습니다. 10분 뒤 서버는 어떤 상태일까요?
    .why-last-ack = LAST_ACK로 가려면 프로그램이 `close()`를 불러 FIN이 나가야 합니다.
    .why-time-wait = TIME_WAIT는 먼저 닫은 쪽이 마지막 FIN을 받은 뒤에 머무는 상태입니다.
    .why-closed = 스택은 프로그램 대신 닫지 않습니다. 네트워크가 아니라 프로그램이 할 일입니다.
    .after = 여전히 CLOSE_WAIT입니다. 쌓여 가는 CLOSE_WAIT는 네트워크 고장이 아니라 `close()`를 잊은 프로그램의 흔적입니다.

finish = 해 보기: 서버를 CLOSED까지 데려가 이 연결을 끝내 보세요.
    .hint-1 = 서버는 아직 프로그램의 말을 기다리고 있습니다.
    .hint-2 = 서버 쪽의 close()를 누르고 재생하세요.
    .done = 됐습니다. CLOSE_WAIT, LAST_ACK, CLOSED 차례로 지나갔습니다.
end = 두 방향은 따로 닫힙니다. 누가 먼저 닫을지는 정해져 있지 않고, 세그먼트 수도 넷으로 정해져 있지 않습니다.
