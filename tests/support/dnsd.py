#!/usr/bin/env python3
"""dnsd: a name server on loopback for the tests, with faults on demand.

    dnsd.py [--address ADDR] [--port PORT] [--log FILE] ZONEFILE...

It answers over UDP and TCP on one port like a resolver that knows every record of its zone files: aliases
are followed, wildcards expanded (RFC 4592), negative answers carry the SOA of the nearest zone in the files,
replies that do not fit the client's UDP size are truncated. The first line on standard output is "port N".
ZONEFILE `-` is standard input.

Zone files, a line each ('#' or ';' at its start: comment); names are absolute, with or without final dot:

    NAME [TTL] TYPE DATA         example.com 300 TXT "v=spf1 -all"        TTL is 300 by default
    TXT, SPF                     "string" "string", with \\DDD and \\" inside; without quotes: the rest
    A AAAA MX NS CNAME PTR SOA DNAME   as in master files, on one line
    any type: \\# LENGTH HEX      data as it is, also what no such record can have (RFC 3597 5)
    {{N*TEXT}} in a line         TEXT, N times
    $GENERATE FROM-TO LINE       LINE for each number, which stands where LINE has a $
    ! NAME TYPE FAULT...         what goes wrong there; TYPE or NAME may be `*`: all of them

    timeout            no reply                     tcp-timeout       none over TCP
    servfail refused formerr notimp rcode=N         that RCODE; above 15 only to a query with OPT
    no-edns            FORMERR to a query with OPT  fail-first=N      SERVFAIL to the first N queries
    drop-first=N       no reply to the first N      slow=MS           the reply is late
    truncate           TC and nothing else over UDP  tcp-closed       TCP connections are closed at once
    garbage            bytes that are no message    wrong-id          another ID
    wrong-question     another name is echoed       wrong-type        another type is echoed
    not-response       QR is not set                bad-txt           a string longer than its record
    cut                the message ends too early   cut-tcp           the same, over TCP as well
    pointer-loop       a name that points to itself bad-count         more records announced than there are
    referral           name servers instead of an answer              header-only       nothing but the header
    no-chase           an alias is not followed     no-soa            negative answers without SOA
    ad                 the AD bit is set            no-dname-cname    a DNAME without the CNAME made from it

As a module: `with Server(zone_text) as server: ... server.address, server.port, server.queries`; a
query is kept as (name, type, "udp" or "tcp").
"""
import argparse
import heapq
import ipaddress
import re
import selectors
import socket
import struct
import sys
import threading
import time

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "DNAME": 39,
         "OPT": 41, "SPF": 99, "ANY": 255}
NAMES = {number: text for text, number in TYPES.items()}
RCODES = {"servfail": 2, "refused": 5, "formerr": 1, "notimp": 4}
QR, AA, TC, RD, RA, AD = 0x8000, 0x0400, 0x0200, 0x0100, 0x0080, 0x0020
PLAIN_NAMES = (TYPES["CNAME"], TYPES["NS"], TYPES["PTR"])
MAX_CHAIN = 20


def type_number(text):
    text = text.upper()
    return TYPES[text] if text in TYPES else int(re.fullmatch(r"TYPE(\d+)", text).group(1))


def parse_name(text):
    """A tuple of labels, lower case, from master-file text."""
    labels, label, i = [], bytearray(), 0
    if text in (".", ""):
        return ()
    while i < len(text):
        if text[i] == "\\" and text[i + 1:i + 4].isdigit():
            label.append(int(text[i + 1:i + 4]))
            i += 4
        elif text[i] == "\\":
            label += text[i + 1].encode()
            i += 2
        elif text[i] == ".":
            labels.append(bytes(label).lower())
            label = bytearray()
            i += 1
        else:
            label += text[i].encode("utf-8", "surrogateescape")
            i += 1
    if label:
        labels.append(bytes(label).lower())
    return tuple(labels)


def show_name(labels):
    return ".".join(label.decode("latin-1") for label in labels) or "."


def wire_name(labels):
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def parse_strings(text):
    """The character-strings of TXT data."""
    if not text.startswith('"'):
        data = text.encode("utf-8", "surrogateescape")
        return [data[i:i + 255] for i in range(0, max(len(data), 1), 255)]
    strings = []
    for quoted in re.findall(r'"((?:[^"\\]|\\.)*)"', text):
        def unescape(match):
            return chr(int(match.group(1))) if match.group(1).isdigit() else match.group(1)
        raw = quoted.encode("utf-8", "surrogateescape").decode("latin-1")
        strings.append(re.sub(r"\\(\d{3}|.)", unescape, raw).encode("latin-1"))
    return strings


def parse_data(kind, text):
    """RDATA, names uncompressed."""
    if text.startswith("\\#"):
        return bytes.fromhex("".join(text.split()[2:]))
    words = text.split()
    if kind in ("TXT", "SPF"):
        strings = parse_strings(text)
        if any(len(string) > 255 for string in strings):
            raise ValueError("a string of more than 255 bytes: " + text[:40])
        return b"".join(bytes([len(string)]) + string for string in strings)
    if kind in ("A", "AAAA"):
        return ipaddress.ip_address(words[0]).packed
    if kind == "MX":
        return struct.pack("!H", int(words[0])) + wire_name(parse_name(words[1]))
    if kind == "SOA":
        names = wire_name(parse_name(words[0])) + wire_name(parse_name(words[1]))
        return names + struct.pack("!5I", *[int(word) for word in words[2:7]])
    return wire_name(parse_name(words[0]))


class Zone:
    """Records and faults. `records`: (labels, type) -> list of (ttl, rdata)."""

    def __init__(self, text=""):
        self.records = {}
        self.names = {()}
        self.faults = {}
        for line in text.splitlines():
            if line.strip() and line.strip()[0] not in "#;":
                self.add_line(line.strip())

    def add_line(self, line):
        """A line with what stands for more than itself."""
        line = re.sub(r"\{\{(\d+)\*(.*?)\}\}", lambda match: int(match.group(1)) * match.group(2), line)
        many = re.fullmatch(r"\$GENERATE (\d+)-(\d+) (.*)", line)
        if not many:
            self.add(line)
            return
        for number in range(int(many.group(1)), int(many.group(2)) + 1):
            self.add(many.group(3).replace("$", str(number)))

    def add(self, line):
        if line.startswith("!"):
            _, name, kind, *faults = line.split()
            key = ("*" if name == "*" else parse_name(name), "*" if kind == "*" else type_number(kind))
            self.faults.setdefault(key, []).extend(faults)
            return
        name, ttl, kind, data = re.fullmatch(r"(\S+)\s+(?:(\d+)\s+)?(\S+)\s*(.*)", line).groups()
        name, kind, ttl = parse_name(name), kind.upper(), int(ttl or 300)
        self.records.setdefault((name, type_number(kind)), []).append((ttl, parse_data(kind, data)))
        for i in range(len(name) + 1):
            self.names.add(name[i:])

    def fault(self, name, number):
        """The faults of a question as a dictionary."""
        found = {}
        for key in ((name, number), (name, "*"), ("*", number), ("*", "*")):
            for fault in self.faults.get(key, []):
                text, _, value = fault.partition("=")
                found.setdefault(text, int(value) if value else True)
        return found

    def owner_of(self, name):
        """The owner whose data answers for `name`: itself, a wildcard, or None (RFC 4592 3.3)."""
        if name in self.names:
            return name
        closest = next(name[i:] for i in range(len(name) + 1) if name[i:] in self.names)
        return (b"*",) + closest if (b"*",) + closest in self.names else None

    def soa_of(self, name):
        for i in range(len(name) + 1):
            if (name[i:], TYPES["SOA"]) in self.records:
                return name[i:], self.records[name[i:], TYPES["SOA"]][0]
        return (), (60, parse_data("SOA", "ns.invalid root.invalid 1 2 3 4 60"))

    def dname_of(self, name):
        for i in range(1, len(name) + 1):
            if (name[i:], TYPES["DNAME"]) in self.records:
                return name[i:], self.records[name[i:], TYPES["DNAME"]][0]
        return None, None

    def resolve(self, name, number, fault):
        """(rcode, answers, authority): lists of (owner, type, ttl, rdata)."""
        answers, seen = [], set()
        while name not in seen and len(seen) < MAX_CHAIN:
            seen.add(name)
            owner = self.owner_of(name)
            apex, dname = self.dname_of(name)
            has_own = owner is not None and owner[:1] != (b"*",) and (owner, number) in self.records
            if dname is not None and not has_own:
                target = name[:len(name) - len(apex)] + read_name(dname[1])
                answers.append((apex, TYPES["DNAME"], dname[0], dname[1]))
                if "no-dname-cname" not in fault:
                    answers.append((name, TYPES["CNAME"], dname[0], wire_name(target)))
                name = target
                continue
            found = self.records.get((owner, number), [])
            alias = self.records.get((owner, TYPES["CNAME"]), [])
            if found or not alias:
                answers += [(name, number, ttl, data) for ttl, data in found]
                soa_owner, soa = self.soa_of(name)
                authority = [] if found or "no-soa" in fault else [(soa_owner, TYPES["SOA"]) + soa]
                return (0 if owner is not None else 3), answers, authority
            answers.append((name, TYPES["CNAME"]) + alias[0])
            if "no-chase" in fault:
                break
            name = read_name(alias[0][1])
        return 0, answers, []


def read_name(data):
    labels, i = [], 0
    while data[i]:
        labels.append(data[i + 1:i + 1 + data[i]].lower())
        i += 1 + data[i]
    return tuple(labels)


class Writer:
    """A message with names compressed, those in RDATA too."""

    def __init__(self, header):
        self.data = bytearray(header)
        self.places = {}

    def name(self, labels):
        while labels:
            if labels in self.places:
                self.data += struct.pack("!H", 0xC000 | self.places[labels])
                return
            if len(self.data) < 0x4000:
                self.places[labels] = len(self.data)
            self.data += bytes([len(labels[0])]) + labels[0]
            labels = labels[1:]
        self.data.append(0)

    def record(self, owner, number, ttl, data):
        self.name(owner)
        self.data += struct.pack("!HHIH", number, 1, ttl, 0)
        start = len(self.data)
        try:
            if number in PLAIN_NAMES and wire_name(read_name(data)) == data.lower():
                self.name(read_name(data))
            elif number == TYPES["MX"] and wire_name(read_name(data[2:])) == data[2:].lower():
                self.data += data[:2]
                self.name(read_name(data[2:]))
            else:
                self.data += data
        except IndexError:
            self.data += data
        struct.pack_into("!H", self.data, start - 2, len(self.data) - start)


class Query:
    """A parsed query; `name` is None when it cannot be read."""

    def __init__(self, packet, tcp):
        self.packet, self.tcp = packet, tcp
        self.id, self.flags, _, _, _, additional = struct.unpack("!6H", packet[:12])
        labels, i = [], 12
        while packet[i]:
            labels.append(packet[i + 1:i + 1 + packet[i]])
            i += 1 + packet[i]
        self.labels = tuple(labels)
        self.name = tuple(label.lower() for label in labels)
        self.type, self.cls = struct.unpack("!HH", packet[i + 1:i + 5])
        self.question = packet[12:i + 5]
        self.edns = additional > 0 and packet[i + 5:i + 8] == b"\0\0\x29"
        self.size = struct.unpack("!H", packet[i + 8:i + 10])[0] if self.edns else 512
        self.size = max(self.size, 512)


def make_reply(zone, query, counts):
    """The bytes to send back, or None for silence. `counts`: queries so far for each (name, type)."""
    fault = zone.fault(query.name, query.type)
    key = (query.name, query.type)
    counts[key] = counts.get(key, 0) + 1
    if "timeout" in fault or ("tcp-timeout" in fault and query.tcp):
        return None
    if counts[key] <= fault.get("drop-first", 0):
        return None
    if "garbage" in fault:
        return bytes(range(7, 47))
    rcode, answers, authority = zone.resolve(query.name, query.type, fault)
    flags = QR | RA | (query.flags & RD) | (AD if "ad" in fault else 0)
    forced = [RCODES[text] for text in RCODES if text in fault]
    forced += [fault["rcode"]] if "rcode" in fault and (fault["rcode"] < 16 or query.edns) else []
    forced += [2] if counts[key] <= fault.get("fail-first", 0) else []
    forced += [1] if "no-edns" in fault and query.edns else []
    if forced:
        rcode, answers, authority = forced[0], [], []
    edns = query.edns and "no-edns" not in fault and "formerr" not in fault
    if "header-only" in fault:
        return struct.pack("!6H", query.id, flags | (rcode & 15), 0, 0, 0, 0)
    if "referral" in fault:
        answers, authority = [], [(query.name[-1:], TYPES["NS"], 300, wire_name((b"ns", b"invalid")))]
        flags &= ~RA
    if "bad-txt" in fault:
        answers = [(query.name, TYPES["TXT"], 300, b"\x20short")] + answers
        rcode = 0
    if "truncate" in fault and not query.tcp:
        flags, answers, authority = flags | TC, [], []
    reply = write_reply(query, flags, rcode, answers, authority, edns, fault)
    if len(reply) > query.size and not query.tcp:
        reply = write_reply(query, flags | TC, rcode, [], [], edns, fault)
    if ("cut" in fault and not query.tcp) or "cut-tcp" in fault:
        reply = reply[:len(reply) - 15 - (11 if edns else 0)]
    return reply


def write_reply(query, flags, rcode, answers, authority, edns, fault):
    if "wrong-id" in fault:
        query.id ^= 0x5555
    if "not-response" in fault:
        flags &= ~QR
    announced = len(answers) + (1 if "bad-count" in fault else 0)
    counts = (1, announced, len(authority), 1 if edns else 0)
    writer = Writer(struct.pack("!6H", query.id, flags | (rcode & 15), *counts))
    question = query.labels
    if "wrong-question" in fault:
        question = (b"other",) + question
    writer.name(question)
    writer.places = {tuple(label.lower() for label in labels): at for labels, at in writer.places.items()}
    writer.data += struct.pack("!HH", query.type ^ (1 if "wrong-type" in fault else 0), query.cls)
    if "pointer-loop" in fault:
        here = len(writer.data)
        writer.data += struct.pack("!HHHIH", 0xC000 | here, query.type, 1, 300, 0)
        struct.pack_into("!H", writer.data, 6, len(answers) + 1)
    for record in answers + authority:
        writer.record(*record)
    if edns:
        writer.data += b"\0" + struct.pack("!HHIH", TYPES["OPT"], 1232, (rcode >> 4) << 24, 0)
    return bytes(writer.data)


class Server:
    """The sockets and the clock. One thread; start() runs it in the background."""

    def __init__(self, text="", address="127.0.0.1", port=0, log=None):
        self.zone = Zone(text)
        self.queries = []
        self.counts = {}
        self.log = log
        self.timers = []
        self.stopping = False
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        for attempt in range(20):
            self.udp = socket.socket(family, socket.SOCK_DGRAM)
            self.udp.bind((address, port))
            self.tcp = socket.socket(family, socket.SOCK_STREAM)
            self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                self.tcp.bind((address, self.udp.getsockname()[1]))
                break
            except OSError:
                self.udp.close()
                self.tcp.close()
                if attempt == 19:
                    raise
        self.port = self.udp.getsockname()[1]
        self.address = ("[%s]:%d" if ":" in address else "%s:%d") % (address, self.port)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.tcp.listen(128)
        self.selector = selectors.DefaultSelector()
        self.waker, self.woken = socket.socketpair()
        handlers = {self.udp: self.on_udp, self.tcp: self.on_accept, self.woken: lambda sock: sock.recv(1)}
        for sock, handler in handlers.items():
            sock.setblocking(False)
            self.selector.register(sock, selectors.EVENT_READ, handler)

    def answer(self, packet, tcp, send, close):
        """Replies through `send`, at once or later; `close` ends the connection."""
        try:
            query = Query(packet, tcp)
        except (IndexError, struct.error):
            return
        kind = NAMES.get(query.type, "TYPE%d" % query.type)
        self.queries.append((show_name(query.name), kind, "tcp" if tcp else "udp"))
        if self.log:
            self.log.write("%s %s %s\n" % self.queries[-1])
            self.log.flush()
        fault = self.zone.fault(query.name, query.type)
        if tcp and "tcp-closed" in fault:
            close()
            return
        reply = make_reply(self.zone, query, self.counts)
        if reply is None:
            return
        if fault.get("slow"):
            when = time.monotonic() + fault["slow"] / 1000
            heapq.heappush(self.timers, (when, len(self.queries), reply, send))
        else:
            send(reply)

    def on_udp(self, sock):
        for _ in range(100):
            try:
                packet, client = sock.recvfrom(4096)
            except OSError:
                return

            def send(reply, to=client):
                try:
                    sock.sendto(reply, to)
                except OSError:
                    pass
            self.answer(packet, False, send, lambda: None)

    def on_accept(self, sock):
        connection, _ = sock.accept()
        connection.setblocking(True)
        received = bytearray()
        self.selector.register(connection, selectors.EVENT_READ, lambda c: self.on_tcp(c, received))

    def on_tcp(self, connection, received):
        def close():
            try:
                self.selector.unregister(connection)
            except (KeyError, ValueError):
                pass
            connection.close()

        def send(reply):
            try:
                connection.sendall(struct.pack("!H", len(reply)) + reply)
            except OSError:
                pass
        try:
            data = connection.recv(65536)
        except OSError:
            data = b""
        if not data:
            close()
            return
        received += data
        while len(received) >= 2 and len(received) >= 2 + struct.unpack("!H", received[:2])[0]:
            end = 2 + struct.unpack("!H", received[:2])[0]
            packet = bytes(received[2:end])
            del received[:end]
            self.answer(packet, True, send, close)

    def serve(self):
        while not self.stopping:
            left = self.timers[0][0] - time.monotonic() if self.timers else 0.2
            for key, _ in self.selector.select(max(0, min(left, 0.2))):
                key.data(key.fileobj)
            while self.timers and self.timers[0][0] <= time.monotonic():
                _, _, reply, send = heapq.heappop(self.timers)
                send(reply)

    def start(self):
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()
        return self

    def stop(self):
        """Ends the thread; what has arrived by then is still answered and logged."""
        if self.stopping:
            return
        self.stopping = True
        self.waker.send(b"x")
        self.thread.join()
        self.waker.close()
        for _ in range(1000):
            ready = [key for key, _ in self.selector.select(0) if key.fileobj is not self.woken]
            if not ready:
                break
            for key in ready:
                key.data(key.fileobj)
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    __enter__ = start

    def __exit__(self, *_):
        self.stop()


def main():
    parser = argparse.ArgumentParser(description="a name server on loopback for the tests")
    parser.add_argument("--address", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", help="write a line 'name type udp|tcp' for each query")
    parser.add_argument("zonefile", nargs="+")
    options = parser.parse_args()
    texts = []
    for path in options.zonefile:
        with (sys.stdin if path == "-" else open(path, encoding="utf-8", errors="surrogateescape")) as file:
            texts.append(file.read())
    log = open(options.log, "w", encoding="utf-8") if options.log else None
    server = Server("\n".join(texts), options.address, options.port, log)
    print("port %d" % server.port, flush=True)
    try:
        server.serve()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
