# 랩을 다른 페이지에 넣는 방법.

embedding-title = 내 페이지에 랩 넣기
embedding-about = 한 줄이면 됩니다. 랩은 멈춘 채로 시작하고, 안에 들어온 사람의 포커스와 키와 휠만 받으며, 보이지 않을 때는 쉽니다.
embedding-code = 복사할 줄
embedding-copy = 복사
embedding-copied = 복사했습니다
embedding-example = TCP Lab 예시

embedding-frame = 프레임
embedding-frame-about = 스크립트를 지우는 학습 플랫폼이나 샌드박스를 포함해 어디서나 됩니다. 아래가 이 줄로 만든 것입니다.
embedding-element = 요소
embedding-element-about = 스크립트를 허용하는 페이지에 알맞습니다. 필요한 만큼 높아지고, 한 페이지의 랩들은 받아 온 것을 함께 씁니다. 모듈 대신 일반 스크립트를 써도 됩니다. 아래가 이 줄들로 만든 것입니다.

embedding-parameters = 매개변수
embedding-parameters-about = 프레임에서는 주소에, 요소에서는 속성에 적습니다. 맞지 않는 값이 있으면 문장으로 알리고, 나머지는 그대로 진행합니다.
embedding-p-lesson = 05-handshake 같은 수업 이름. 없으면 랩이 열립니다.
embedding-p-scenario = lossy-wifi 같은 준비된 실행의 이름, 또는 JSON으로 적은 시나리오.
embedding-p-run = 랩에서 공유한 실행 기록(tcplab:1:…). 주소에서는 # 뒤에 적습니다.
embedding-p-lang = ko 또는 en. 없으면 페이지나 독자의 언어를 따릅니다.
embedding-p-theme = light, dark, auto.
embedding-p-speed = 0.001부터 1까지. 1초 동안 흐르는 시간입니다. 처음 값은 0.01입니다.
embedding-p-paused = false로 하면 보이자마자 재생합니다.
embedding-p-views = 보일 것을 쉼표로 이어 적습니다: { $stage }. 다음 가운데 하나를 더 적으면 그 보기가 열립니다: { $tabs }.
embedding-p-controls = full은 모두, player는 시간만, none은 아무것도 조작하지 않습니다.
embedding-p-seed = 정수. 시드가 다르면 우연도 다르게 일어납니다.
embedding-p-t = 열 때의 시각(밀리초).
embedding-p-reducedmotion = true로 하면 움직임 대신 한 걸음씩 보입니다. 없으면 독자의 시스템 설정을 따릅니다.

embedding-messages = 메시지
embedding-messages-about = 작은 스크립트를 페이지에 두면 프레임 높이를 맞추고, 메시지를 이벤트로 바꾸고, 명령을 전합니다. 없어도 프레임은 됩니다. 단추를 눌러 보세요. 그 아래에 프레임이 알린 것이 나옵니다.
embedding-commands = 프레임에 보내는 명령
embedding-heard = 프레임이 마지막으로 알린 것
embedding-e-ready = 랩이 준비되었습니다.
embedding-e-resize = height: 원하는 높이(픽셀).
embedding-e-step = t, playing, event, sentence: 방금 일어난 일과 그 시각.
embedding-e-answer = lesson, step, answer, right: 답한 내용.
embedding-e-complete = lesson, points, of, scaled: 수업이 끝났습니다.
embedding-e-statement = 같은 내용을 xAPI 문장으로 알립니다. 누구인지는 페이지에서 더합니다.
embedding-e-error = code, message: 할 수 없었던 일.

embedding-packages = 패키지
embedding-k-npm = npm용: npm install로 설치하고 import 'tcp-lab'으로 씁니다. 타입이 들어 있습니다.
embedding-k-single = 파일 하나에 모두 담겨 있어 디스크에서 바로 열립니다.
embedding-k-scorm = SCORM 1.2 학습 플랫폼용: 수업마다 답과 점수와 완료를 보고합니다.
embedding-k-cmi5 = cmi5와 학습 기록 저장소를 쓰는 플랫폼용.

embedding-promise = 랩이 하지 않는 일
embedding-promise-about = 쿠키도 추적도 없고, 자기 파일을 받는 것 말고는 아무 데도 연결하지 않습니다. 무엇을 답했는지는 페이지가 물을 때만 알립니다. 요소에는 script-src 'self' 'wasm-unsafe-eval' 정책이면 충분합니다.
