"""What node cannot ask of the kernel: text in the SYN. `fast_open.py ADDRESS PORT` prints one JSON object."""

import json
import socket
import struct
import sys

TCPI_OPTIONS_AT, TCPI_OPT_SYN_DATA = 5, 32  # of struct tcp_info, linux/tcp.h

text = b"hello, early bird"
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.sendto(text, socket.MSG_FASTOPEN, (sys.argv[1], int(sys.argv[2])))
got = b""
while len(got) < len(text):
    more = client.recv(1000)
    if not more:
        break
    got += more
info = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 8)
options = struct.unpack("8B", info)[TCPI_OPTIONS_AT]
client.close()
print(json.dumps({"equal": got == text, "syn_data": bool(options & TCPI_OPT_SYN_DATA)}))
