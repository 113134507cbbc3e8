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
