title = The lesson’s name
about = What it looks at, in one sentence.

beat = Say what happens. The SYN has sequence number {$isn}.

question = What will the server answer?
    .why-rst-ack = Say why this is not the answer.
    .why-none = Say why this is not the answer.
    .after = Explain what the stack did.

task = Your turn: make the client send a FIN.
    .hint-1 = Press close() at the client.
    .done = Done.

end = What was learnt, in a sentence or two.
