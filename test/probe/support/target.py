"""A host with known listeners, for scans: target.py TCP_PORTS UDP_PORTS SILENT_UDP_PORTS (comma-separated, may be '-').

Prints "ready" and runs until its stdin closes.
"""
import selectors
import socket
import sys


def numbers(text):
    return [] if text == "-" else [int(port) for port in text.split(",")]


def bound(kind, port):
    found = socket.socket(socket.AF_INET6, kind)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    found.bind(("::", port))
    found.setblocking(False)
    return found


def accept(listener):
    connection, _ = listener.accept()
    connection.close()


def reply(listener):
    _, sender = listener.recvfrom(2048)
    listener.sendto(b"portlight", sender)


def swallow(listener):
    listener.recvfrom(2048)


selector = selectors.DefaultSelector()
for port in numbers(sys.argv[1]):
    listener = bound(socket.SOCK_STREAM, port)
    listener.listen(512)
    selector.register(listener, selectors.EVENT_READ, accept)
for ports, answer in ((numbers(sys.argv[2]), reply), (numbers(sys.argv[3]), swallow)):
    for port in ports:
        selector.register(bound(socket.SOCK_DGRAM, port), selectors.EVENT_READ, answer)
selector.register(sys.stdin, selectors.EVENT_READ, None)
print("ready", flush=True)
while True:
    for key, _ in selector.select():
        if key.data is None:
            sys.exit(0)
        try:
            key.data(key.fileobj)
        except OSError:
            # The peer is gone already.
            continue
