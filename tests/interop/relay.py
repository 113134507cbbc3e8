"""A bad cable between two kernels: `relay.py DEVICE DEVICE NAMESPACE CAPTURE`, run in one network namespace as root.

Makes two TAP devices, gives the second one to the other namespace, and carries frames between them. Which it loses, holds
back or doubles is counted, never drawn, so each run sees the same trouble. All that passes the first device goes into a
pcap, as a program like tcpdump there would write it. "ready" is printed at the start, "zero window" when the far side
first closes its window.
"""

import fcntl
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
FIN, SYN = 1, 2

# Of the segments with text that the near side sends, counting those that go again.
LOST = {12, 13, 30, 60, 61, 62, 110}
HELD = {20: 2, 45: 4, 90: 1}  # let go after so many others
DOUBLED = {25, 100}
ACKS_LOST = {6, 7}  # of the far side's


def open_tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP | IFF_NO_PI))
    return fd


def put(fd, frame):
    try:
        os.write(fd, frame)
    except OSError:
        pass  # the device is not up, yet or any more: a cable loses what nobody takes


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb", buffering=0)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))

    def add(self, frame):
        now = time.time_ns() // 1000
        self.file.write(struct.pack("<IIII", now // 1000000, now % 1000000, len(frame), len(frame)) + frame)


def segment_of(frame):
    """Flags, window and length of text of a TCP segment over IPv4; None: it is something else."""
    if frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return None
    header = (frame[14] & 15) * 4
    tcp = frame[14 + header :]
    text = int.from_bytes(frame[16:18], "big") - header - (tcp[12] >> 4) * 4
    return tcp[13], int.from_bytes(tcp[14:16], "big"), text


class Cable:
    def __init__(self, near, far, capture):
        self.near, self.far, self.capture = near, far, capture
        self.texts = self.acks = 0
        self.held = []  # [how many others are still to pass, frame]
        self.closed = False

    def forth(self, frame):
        self.capture.add(frame)
        segment = segment_of(frame)
        copies = 1
        if segment and segment[2] > 0:
            self.texts += 1
            if self.texts in HELD:
                self.held.append([HELD[self.texts], frame])
                return
            copies = 0 if self.texts in LOST else 2 if self.texts in DOUBLED else 1
        for _ in range(copies):
            put(self.far, frame)
        for each in self.held:
            each[0] -= 1
        for _, late in [each for each in self.held if each[0] <= 0]:
            put(self.far, late)
        self.held = [each for each in self.held if each[0] > 0]

    def back(self, frame):
        segment = segment_of(frame)
        if segment and segment[2] == 0 and not segment[0] & (SYN | FIN):
            self.acks += 1
            if self.acks in ACKS_LOST:
                return
        if segment and segment[1] == 0 and not self.closed:
            self.closed = True
            print("zero window", flush=True)
        self.capture.add(frame)
        put(self.near, frame)


def main(near_name, far_name, namespace, path):
    near, far = open_tap(near_name), open_tap(far_name)
    subprocess.run(["ip", "link", "set", far_name, "netns", namespace], check=True)
    cable = Cable(near, far, Capture(path))
    print("ready", flush=True)
    while True:
        readable, _, _ = select.select([near, far], [], [])
        for fd in readable:
            try:
                frame = os.read(fd, 65536)
            except OSError:
                return  # the device went with its namespace
            (cable.forth if fd == near else cable.back)(frame)


main(*sys.argv[1:])
