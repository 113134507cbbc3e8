# 공유 창의 낱말.

share-title = 이 실행 공유하기
share-intro = 지금까지 한 일이 모두 담긴 실행이 지금 보는 곳에서 열립니다.
share-link = 링크
share-iframe = 다른 페이지에 프레임으로
share-element = 다른 페이지에 요소로
share-copy = 복사
share-copied = 복사했습니다.
share-copy-fails = 브라우저가 복사를 막았습니다. 선택해 두었으니 Ctrl+C를 누르세요.
share-size = { $bytes }자: 메일과 채팅에서 잘리지 않는 길이입니다.
share-long = { $bytes }자: 메일이나 채팅에서 링크가 잘릴 수 있습니다. 파일이 더 안전합니다.
share-too-long = 이 실행은 링크에 담기에 너무 큽니다. 파일로 저장해서 이 페이지에 끌어다 놓으면 열립니다.
share-files = 파일
share-pcapng = 캡처 (pcapng)
share-json = 실행 (JSON)
share-svg = 사다리 그림 (SVG)
share-png = 사다리 그림 (PNG)
share-print = 사다리 그림 인쇄
share-pcapng-hint = Wireshark에서 열립니다. 패킷마다 보낸 까닭이 설명으로 붙어 있습니다.
share-left-out = 프레임 { $count }개는 빠져 있습니다.
