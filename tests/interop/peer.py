"""A program at each end of a connection between two kernels, with buffers of a known size.

`peer.py serve PORT` accepts one connection, reads nothing until a line comes on its input, then reads all and closes.
`peer.py send ADDRESS PORT BYTES` sends so many bytes, ends its side and waits for the other's end. Each prints what it did.
"""

import socket
import sys

BUFFER_BYTES = 60_000


def read_all(connection):
    total = 0
    while more := connection.recv(65536):
        total += len(more)
    return total


def serve(port):
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        listener.bind(("", int(port)))
        listener.listen()
        print("listening", flush=True)
        connection, _ = listener.accept()
        sys.stdin.readline()
        with connection:
            print(read_all(connection), flush=True)


def send(address, port, count):
    with socket.create_connection((address, int(port))) as connection:
        connection.sendall(bytes(i * 31 % 251 for i in range(int(count))))
        connection.shutdown(socket.SHUT_WR)
        print(read_all(connection), flush=True)


{"serve": serve, "send": send}[sys.argv[1]](*sys.argv[2:])
