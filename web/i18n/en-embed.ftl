# What an embedded lab says of the parameters it was given.

embed-bad-name = “{ $name }” is a name of letters, digits and hyphens. “{ $value }” is none and was left out.
embed-bad-choice = “{ $name }” is one of { $list }. “{ $value }” was left out.
embed-bad-list = “{ $name }” lists some of { $list }, with commas between. “{ $value }” was left out.
embed-bad-number = “{ $name }” is a number from { NUMBER($min, maximumFractionDigits: 3) } to { $max }. “{ $value }” was left out.
embed-bad-scenario = “{ $name }” is the name of a run, or a scenario in JSON. “{ $value }” was left out.
embed-bad-run = “{ $name }” is a run that begins with “tcplab:”. “{ $value }” was left out.
embed-two-hosts = A scenario to be shown has two nodes or more, and the first two have an interface each.
