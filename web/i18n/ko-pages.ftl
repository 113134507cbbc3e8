# 실험실 둘레의 페이지에서 쓰는 말.

page-nav = 페이지
page-index = 실험실
page-course = 수업

course-title = TCP/IP 수업
course-about = 진짜 TCP/IP 스택으로 배우는 열여덟 수업입니다. 예측하고, 지켜보고, 직접 해 봅니다. 채점도 스택이 합니다.
course-minutes = { $minutes }분
course-begun = 하는 중
course-finished = { $of }개 가운데 { $finished }개를 마쳤습니다.
course-progress = 내 진도
course-kept = 진도는 이 브라우저에만 남고 어디에도 보내지 않습니다. 파일로 다른 브라우저에 옮길 수 있습니다.
course-export = 파일로 저장
course-import = 파일에서 가져오기
course-forget = 모두 지우기
course-forget-sure = { $count }개를 정말 지울까요?
course-forgotten = 지웠습니다.
course-imported = { $name } 파일에서 수업 { $count }개의 진도를 가져왔습니다.
course-import-none = { $name } 파일에는 여기에 없는 새 진도가 없습니다.
course-refused = { $name } 파일을 가져오지 않았습니다. 잘못된 곳:

fault-json = JSON이 아닙니다: { $why }
fault-kind = TCP Lab의 진도 파일이 아닙니다
fault-version = 버전 { $found }입니다. 여기서는 버전 { $known }만 읽습니다
fault-object = 객체여야 합니다
fault-lesson = 그런 수업이 없습니다
fault-whole = 0 이상의 정수여야 합니다
fault-boolean = true나 false여야 합니다
fault-answer = 글이나 수여야 합니다
fault-stop = 멈출 곳이 오지 않습니다
fault-no-answer = 스택의 답이 하나로 정해지지 않습니다
fault-solution = 풀이가 목표를 이루지 못합니다
fault-line = 메시지도, 메시지의 일부도, 주석도 아닙니다
fault-text-missing = 이 글이 없습니다
fault-text-spare = 이 글을 쓰는 곳이 없습니다
fault-text-value = 없는 값을 말합니다: { $what }
fault-text-term = 용어집에 “{ $term }” 항목이 없습니다

page-try = 수업 써 보기
try-title = 수업 써 보기
try-about = 수업을 쓰거나 붙여 넣거나 파일을 끌어다 놓으세요. 쓰는 동안 잘못된 곳을 위치와 함께 알려 주고, 다 되면 바로 실행합니다. 모두 이 브라우저 안에만 있습니다.
try-texts = 수업의 글
try-begin = 시작할 본보기…
try-take = 파일 가져오기
try-save = 세 파일로 저장
try-run = 실행
try-not-kept = 이 브라우저에는 저장되지 않습니다. 떠나기 전에 파일로 저장하세요.
try-looking = 살펴보는 중입니다…
try-good = 아직까지 잘못된 곳이 없습니다. 실행하면 스택이 답합니다.
try-runs = 끝까지 실행되고, 질문마다 답이 하나입니다.
try-faults = 잘못된 곳이 { $count }군데 있습니다:
try-answers = 스택의 답
try-lesson = 수업
try-empty = 수업이 여기서 실행됩니다.
try-put-back = 바꾸기 전으로
