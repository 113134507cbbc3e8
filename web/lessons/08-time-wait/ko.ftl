title = TIME_WAIT와 그 까닭
about = 마지막 ACK가 사라지면 무슨 일이 생기는지, TIME_WAIT가 있을 때와 없을 때를 견줍니다.

open = 연결이 하나 있습니다. 이번에는 서버가 먼저 닫습니다.

server-first = 서버가 `close()`를 불러 [[fin]]을 보냈습니다. 클라이언트는 [[close-wait]], 서버는 [[fin-wait-2|FIN_WAIT_2]]입니다.

who = 이제 클라이언트도 닫습니다. 클라이언트의 FIN을 받은 서버는 어떤 상태가 될까요?
    .why-closed = 바로 잊으면, 마지막 ACK가 사라졌을 때 다시 답할 수 없습니다. 기다리는 것은 클라이언트가 아니라 먼저 닫은 쪽입니다.
    .why-fin-wait-2 = FIN_WAIT_2는 상대의 FIN을 기다리는 상태입니다. 그 FIN이 왔습니다.
    .why-last-ack = LAST_ACK는 나중에 닫은 쪽, 곧 클라이언트의 상태입니다.
    .after = [[time-wait|TIME_WAIT]]입니다. 서버여도 먼저 닫으면 서버가 기다립니다. 그런데 서버의 마지막 [[ack]]가 방금 길에서 사라졌습니다.

lost-last = 클라이언트는 LAST_ACK에서 그 ACK를 기다립니다. 무슨 일이 일어날까요?
    .choice-fin-again = 클라이언트가 FIN을 다시 보내고, 서버가 다시 답한다
    .choice-ack-again = 서버의 타이머가 ACK를 다시 보낸다
    .choice-nothing = 아무 일도 없다
    .why-ack-again = ACK는 재전송하지 않습니다. 확인받지 못한 쪽이 다시 보내고, 그러면 다시 답합니다.
    .why-nothing = 확인받지 못한 FIN은 데이터처럼 다시 보냅니다.
    .after = 클라이언트의 FIN이 다시 왔고, TIME_WAIT인 서버가 다시 답했습니다. 그 덕분에 클라이언트는 제대로 닫혔습니다.

how-long = 이 스택의 [[msl|MSL]]은 30초이고, TIME_WAIT는 그 두 배입니다. FIN이 다시 오면 처음부터 다시 셉니다. 첫 ACK부터 CLOSED까지 몇 초가 걸릴까요?
    .why = 2 MSL은 60초입니다. 다시 센 것은 아주 잠깐 뒤였습니다.
    .why-msl = 한 번의 MSL로는 모자랍니다. 내 ACK가 가는 시간과 상대의 FIN이 다시 오는 시간을 합쳐 둘입니다.
    .after = 60초가 조금 넘습니다. 그동안 길에 남은 옛 세그먼트도 모두 사라집니다. TIME_WAIT의 두 번째 쓸모입니다.

reopen = 이번에는 클라이언트가 먼저 닫습니다. 그런데 이 클라이언트의 스택은 고장이 나 있어 TIME_WAIT를 건너뜁니다.

client-first = 클라이언트가 닫았고 서버는 CLOSE_WAIT입니다.

lose-it = 서버도 닫았습니다. 클라이언트는 마지막 ACK를 보내자마자 연결을 잊었고, 그 ACK는 사라졌습니다.

without = 서버가 FIN을 다시 보냅니다. 클라이언트는 무엇으로 답할까요?
    .why-ack = 그렇게 답하려고 TIME_WAIT가 있습니다. 이 클라이언트는 그것을 건너뛰었습니다.
    .why-fin-ack = 클라이언트의 FIN은 이미 확인받았고, 연결도 잊었습니다.
    .why-none = 모르는 연결의 세그먼트에는 가만히 있지 않습니다.
    .after = [[rst]]입니다. 서버는 모든 데이터를 잘 주고받고도 마지막에 오류를 만났습니다. TIME_WAIT는 낭비가 아니라 마지막 답을 위한 자리입니다.

lose-last-ack = 해 보기: 서버가 먼저 닫게 하고 마지막 ACK를 떨어뜨려, TIME_WAIT인 서버가 다시 답하게 해 보세요.
    .hint-1 = connect()로 연결한 뒤 서버의 close()를 먼저, 그다음 클라이언트의 close()를 부르세요.
    .hint-2 = 마지막 ACK는 클라이언트의 FIN에 대한 서버의 답입니다.
    .hint-3 = 그 ACK가 날아갈 때 멈추고 떨어뜨린 뒤 재생하세요.
    .done = 됐습니다. FIN이 다시 오고, 서버가 TIME_WAIT에서 다시 답합니다.
end = TIME_WAIT는 먼저 닫은 쪽이 지킵니다. 마지막 ACK가 사라졌을 때 다시 답하고, 옛 세그먼트가 사라질 때까지 기다립니다.
