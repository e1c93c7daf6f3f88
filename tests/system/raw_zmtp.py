# SPDX-License-Identifier: EUPL-1.2
# ZMTP 3.0 with CURVE (RFC 23, RFC 26) from nothing but a TCP socket and libsodium. It can say what
# libzmq's own client refuses to say, such as a routing id that begins with a zero byte.
import ctypes
import ctypes.util
import os
import socket
import struct

from zmq.utils import z85

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
PATIENCE_S = 10


def key_pair():
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    SODIUM.crypto_box_keypair(public, secret)
    return public.raw, secret.raw


def seal(text, nonce, public, secret):
    box = ctypes.create_string_buffer(len(text) + 16)
    SODIUM.crypto_box_easy(box, text, ctypes.c_ulonglong(len(text)), nonce, public, secret)
    return box.raw


def unseal(box, nonce, public, secret):
    text = ctypes.create_string_buffer(max(len(box) - 16, 1))
    if SODIUM.crypto_box_open_easy(text, box, ctypes.c_ulonglong(len(box)), nonce, public, secret):
        raise ConnectionError("a box that does not open")
    return text.raw[:len(box) - 16]


def prop(name, value):
    return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value


class Raw:
    """One connection. `identity`: the routing id that it asks for, any bytes."""

    def __init__(self, chain, public, secret, identity=b""):
        host, port = chain.endpoint.removeprefix("tcp://").rsplit(":", 1)
        self.own = z85.decode(public), z85.decode(secret)
        self.server = z85.decode(chain.server_key())
        self.nonce, self.identity = 0, identity
        self.socket = socket.create_connection((host, int(port)), PATIENCE_S)
        self.shake_hands()

    def close(self):
        self.socket.close()

    def read(self, count):
        have = b""
        while len(have) < count:
            more = self.socket.recv(count - len(have))
            if not more:
                raise ConnectionError("the daemon ended the connection")
            have += more
        return have

    def read_frame(self):
        flags = self.read(1)[0]
        length = struct.unpack(">Q", self.read(8))[0] if flags & 2 else self.read(1)[0]
        return self.read(length)

    def write_frame(self, flags, body):
        head = struct.pack(">BQ", flags | 2, len(body)) if len(body) > 255 else bytes(
            [flags, len(body)])
        self.socket.sendall(head + body)

    def next_nonce(self):
        self.nonce += 1
        return struct.pack(">Q", self.nonce)

    def shake_hands(self):
        self.socket.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"CURVE".ljust(20, b"\0") +
                            bytes(32))
        self.read(64)
        short = key_pair()
        nonce = self.next_nonce()
        self.write_frame(4, b"\x05HELLO\x01\x00" + bytes(72) + short[0] + nonce +
                         seal(bytes(64), b"CurveZMQHELLO---" + nonce, self.server, short[1]))
        welcome = self.read_frame()
        if not welcome.startswith(b"\x07WELCOME"):
            raise ConnectionError("no welcome")
        opened = unseal(welcome[24:], b"WELCOME-" + welcome[8:24], self.server, short[1])
        theirs, cookie = opened[:32], opened[32:]
        long_nonce = os.urandom(16)
        vouch = seal(short[0] + self.server, b"VOUCH---" + long_nonce, theirs, self.own[1])
        nonce = self.next_nonce()
        said = (self.own[0] + long_nonce + vouch + prop(b"Socket-Type", b"DEALER") +
                prop(b"Identity", self.identity))
        self.write_frame(4, b"\x08INITIATE" + cookie + nonce +
                         seal(said, b"CurveZMQINITIATE" + nonce, theirs, short[1]))
        ready = self.read_frame()
        if not ready.startswith(b"\x05READY"):
            raise ConnectionError("refused")
        self.box = theirs, short[1]

    def send(self, body):
        nonce = self.next_nonce()
        self.write_frame(0, b"\x07MESSAGE" + nonce +
                         seal(b"\0" + body, b"CurveZMQMESSAGEC" + nonce, *self.box))

    def receive(self):
        """The next message; a command such as a heartbeat is passed over."""
        while True:
            frame = self.read_frame()
            text = unseal(frame[16:], b"CurveZMQMESSAGES" + frame[8:16], *self.box)
            if not text[0] & 2 and not text[1:].startswith(b"\x04PING"):
                return text[1:]
