# 삽입된 랩이 받은 매개변수에 대해 하는 말.

embed-bad-name = “{ $name }” 값은 글자, 숫자, 붙임표로 된 이름입니다. “{ $value }” 값은 쓰지 않았습니다.
embed-bad-choice = “{ $name }” 값은 { $list } 가운데 하나입니다. “{ $value }” 값은 쓰지 않았습니다.
embed-bad-list = “{ $name }” 값은 { $list } 가운데 몇 개를 쉼표로 이어 적습니다. “{ $value }” 값은 쓰지 않았습니다.
embed-bad-number = “{ $name }” 값은 { NUMBER($min, maximumFractionDigits: 3) }부터 { $max }까지의 수입니다. “{ $value }” 값은 쓰지 않았습니다.
embed-bad-scenario = “{ $name }” 값은 준비된 실행의 이름이거나 JSON으로 적은 시나리오입니다. “{ $value }” 값은 쓰지 않았습니다.
embed-bad-run = “{ $name }” 값은 “tcplab:”으로 시작하는 실행 기록입니다. “{ $value }” 값은 쓰지 않았습니다.
embed-two-hosts = 화면에 보일 시나리오에는 노드가 둘 이상 있고, 처음 두 노드에 인터페이스가 있어야 합니다.
