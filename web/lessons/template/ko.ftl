title = 수업의 이름
about = 무엇을 보는지 한 문장으로.

beat = 무슨 일이 일어나는지 말합니다. SYN의 순서 번호는 {$isn}입니다.

question = 서버는 무엇으로 답할까요?
    .why-rst-ack = 이 답이 왜 아닌지 말합니다.
    .why-none = 이 답이 왜 아닌지 말합니다.
    .after = 스택이 한 일을 설명합니다.

task = 해 보기: 클라이언트가 FIN을 보내게 하세요.
    .hint-1 = 클라이언트의 close()를 누르세요.
    .done = 됐습니다.

end = 배운 것을 한두 문장으로.
