# SPDX-License-Identifier: Apache-2.0
"""A reader and writer of OEB1 blobs, written from docs/wire.md alone: the numbers in the
comments are its sections. What it takes and what the library takes must be the same.

A content is a dict of what JSON can say. A string of bytes is a str with one character for
each byte (Latin-1), a digest or a section that was passed over is in hexadecimal."""
import struct

MINOR = 0
MOST = 16 << 20
CONFIG, LAYER = 0, 1
SHA256 = 1
INPUTS = ("image", "runtime", "pod", "policy")
LAYERS = ("image", "runtime", "pod")
FLAGS = ("terminal", "strict_groups", "capabilities", "privileged", "no_service_links")

# 4: type: (critical, mandatory)
CONFIG_TYPES = {1: (1, 0), 2: (1, 1), 3: (1, 1), 4: (1, 1), 5: (1, 1), 6: (0, 1), 7: (1, 0),
                8: (0, 0), 11: (0, 1)}

# 5: the even type: (name, numbers?, values: exactly or None, origins in front, values each,
# UTF-8?, most)
U32 = 0xffffffff
PAIRS = {
    34: ("entrypoint", False, None, 1, 1, True, 0),
    36: ("args", False, None, 1, 1, True, 0),
    38: ("env", False, None, 0, 1, False, 0),
    40: ("overrode", True, None, 0, 1, False, 0),
    42: ("cwd", False, 1, 0, 1, True, 0),
    44: ("hostname", False, 1, 0, 1, True, 0),
    46: ("image_user", False, 1, 0, 1, True, 0),
    48: ("uid", True, 1, 0, 1, False, U32),
    50: ("gid", True, 1, 0, 1, False, U32),
    52: ("umask", True, 1, 0, 1, False, U32),
    54: ("non_root", True, 1, 0, 1, False, 1),
    56: ("groups", True, None, 0, 1, False, U32),
    58: ("warnings", False, None, 0, 3, True, 0),
    60: ("architecture", False, 1, 0, 1, True, 0),
    62: ("mounts", False, None, 1, 1, True, 0),
}
LAYER_TYPES = {32: (1, 1), 33: (1, 1), 64: (1, 0)}
for _type in PAIRS:
    LAYER_TYPES[_type] = LAYER_TYPES[_type + 1] = (0 if _type == 58 else 1, 0)


class NotABlob(Exception):
    """A rule of docs/wire.md is broken."""


def need(condition, rule):
    if not condition:
        raise NotABlob(rule)


def text(data):
    return data.decode("latin-1")


def raw(string):
    return string.encode("latin-1")


# --- 2: the container ------------------------------------------------------------------------

def container(data, kind):
    """The sections that are known, those that are passed over, and the size of the prefix."""
    need(len(data) >= 32, "2.1 no header")
    magic, major, minor, header, total, count, flags, reserved = struct.unpack_from(
        "<8sHHIIIII", data)
    need(magic == b"OCIENVB\0", "2.1 magic")
    need(major == 1, "2.4 major")
    need(header == 32 and reserved == 0, "2.1 header")
    need(flags == kind, "2.1 kind")
    need(total % 8 == 0 and total <= MOST and total <= len(data), "2.1 total size")
    need(32 + 16 * count <= total, "2.2 table")
    known = CONFIG_TYPES if kind == CONFIG else LAYER_TYPES
    sections, passed, newer = {}, [], False
    last, at = 0, 32 + 16 * count
    for i in range(count):
        kind_of, flags, offset, length, reserved = struct.unpack_from("<HHIII", data, 32 + 16 * i)
        need(kind_of > last, "2.2 order")
        need(flags < 2 and reserved == 0, "2.2 entry")
        need(offset == at and offset + length <= total, "2.2 place")
        last, end = kind_of, offset + length
        at = (end + 7) // 8 * 8
        need(at <= total and not any(data[end:at]), "2.2 padding")
        if kind_of in known:
            need(flags == known[kind_of][0], "2.3 critical")
            sections[kind_of] = data[offset:end]
            continue
        need(not flags, "2.3, 2.4 critical and not known")
        if kind_of < 0x8000:
            need(minor > MINOR, "2.4 not known")
            newer = True
        passed.append([kind_of, data[offset:end].hex()])
    need(at == total, "2.2 total size")
    need(minor <= MINOR or newer, "2.4 minor is not the lowest")
    for kind_of, (_, mandatory) in known.items():
        need(not mandatory or kind_of in sections, "2.3 mandatory")
    return sections, passed, total, minor


def trailer(data):
    """2.5, for a host."""
    if not data:
        return None
    need(len(data) >= 16, "2.5 size")
    magic, size, reserved = struct.unpack_from("<8sII", data)
    need(magic == b"OCIENVT\0" and reserved == 0, "2.5 header")
    need(size % 8 == 0 and size == len(data), "2.5 size")
    return text(data[16:])


# --- 3: forms --------------------------------------------------------------------------------

def string(data):
    need(data[-1:] == b"\0" and data.count(0) == 1, "3 STRING")
    return data[:-1]


def strings(data):
    need(len(data) >= 8, "3 STRINGS")
    count, size = struct.unpack_from("<II", data)
    need(len(data) == 8 + 4 * count + size, "3 STRINGS length")
    offsets = struct.unpack_from(f"<{count}I", data, 8)
    pool = data[8 + 4 * count:]
    if not count:
        need(not size, "3 STRINGS without a string")
        return []
    need(pool[-1:] == b"\0", "3 STRINGS end")
    items = pool[:-1].split(b"\0")
    need(len(items) == count, "3 STRINGS count")
    expected = 0
    for offset, item in zip(offsets, items):
        need(offset == expected, "3 STRINGS offset")
        expected += len(item) + 1
    return items


def numbers(data):
    need(len(data) % 8 == 0, "3 NUMBERS")
    return list(struct.unpack(f"<{len(data) // 8}Q", data))


def digest(data):
    need(len(data) == 36, "3 DIGEST length")
    need(struct.unpack_from("<I", data)[0] == SHA256, "3 DIGEST algorithm")
    return data[4:].hex()


def utf8(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise NotABlob("1 UTF-8") from None


def path(data):
    need(data[:1] == b"/", "1 path")
    utf8(data)
    return data


def plain_path(data):
    components = path(data)[1:].split(b"/")
    need(b"" not in components and b"." not in components, "4 EXEC")
    return data


def sources(data, may_be_sealed):
    need(all(b & 63 <= 10 and (may_be_sealed or b < 128) for b in data), "3 SOURCES")
    return [[b & 63, b >> 6 & 1] for b in data]


def origins(data, documents):
    need(len(data) % 12 == 0, "3 ORIGINS")
    items = [list(item) for item in struct.iter_unpack("<IIHBB", data)]
    for item in items:
        need(item[3] <= 10 and item[4] < 4, "3 ORIGINS")
        if item[2] == 0xffff:
            item[2] = None
        else:
            need(item[2] < documents, "3 ORIGINS document")
    return items


# --- 4: CONFIG -------------------------------------------------------------------------------

def user(data):
    need(len(data) >= 16 and len(data) % 4 == 0, "4 USER")
    uid, gid, umask, count, *groups = struct.unpack(f"<{len(data) // 4}I", data)
    need(count == len(groups), "4 USER count")
    need(U32 not in (uid, gid, *groups) and umask <= 0o777, "4 USER id")
    need(all(a < b for a, b in zip(groups, groups[1:])), "4 USER groups")
    return {"uid": uid, "gid": gid, "umask": umask, "groups": groups}


def environment(data, marks):
    entries = strings(data)
    need(len(marks) == len(entries), "4 ENVSRC length")
    ranks = sources(marks, True)
    last = b""  # no name is empty, so that is less
    for entry, mark in zip(entries, marks):
        name, equals, value = entry.partition(b"=")
        need(equals and name, "4 ENVP")
        need(last < name, "4 ENVP order")
        need(value.startswith(b"sealed.") == (mark >= 128), "4 ENVSRC sealed")
        last = name
    return [[text(entry), *rank] for entry, rank in zip(entries, ranks)]


def rootfs(data):
    items = strings(data)
    need(len(items) == 5 and any(items), "4 ROOTFS")
    for item in items:
        utf8(item)
    if items[2]:
        plain_path(items[2])
    if items[4]:
        path(items[4])
        need(items[3], "4 ROOTFS source")
    return [text(item) for item in items]


def inputs(data):
    need(data and len(data) % 40 == 0, "4 INPUTS")
    ret, last = {}, 0
    for at in range(0, len(data), 40):
        document = struct.unpack_from("<I", data, at)[0]
        need(last < document <= len(INPUTS), "4 INPUTS document")
        ret[INPUTS[document - 1]] = digest(data[at + 4:at + 40])
        last = document
    return ret


def config(data):
    sections, passed, total, minor = container(data, CONFIG)
    argv = strings(sections[2])
    need(argv, "4 ARGV")
    need(len(sections[11]) == len(argv) + 2, "4 ARGSRC length")
    return {
        "kind": "config",
        "exec": text(plain_path(string(sections[1]))) if 1 in sections else None,
        "argv": [text(item) for item in argv],
        "env": environment(sections[3], sections[6]),
        "cwd": text(path(string(sections[4]))),
        "user": user(sections[5]),
        "rootfs": rootfs(sections[7]) if 7 in sections else None,
        "inputs": inputs(sections[8]) if 8 in sections else {},
        "sources": sources(sections[11], False),
    }, passed, total, minor


# --- 5: LAYER --------------------------------------------------------------------------------

def pair(sections, kind_of, documents, total):
    name, is_numbers, exactly, front, each, is_text, most = PAIRS[kind_of]
    need((kind_of in sections) == (kind_of + 1 in sections), "5 pair")
    if kind_of not in sections:
        return None
    if is_numbers:
        values = numbers(sections[kind_of])
        need(name == "overrode" or all(value <= most for value in values), "5 number")
        wanted = sum(values) if name == "overrode" else len(values)
        if name == "overrode":
            need(wanted and len(values) == total, "5 OVERRODE")
    else:
        values = strings(sections[kind_of])
        if is_text:
            for value in values:
                utf8(value)
        need(len(values) % each == 0, "5 WARNINGS count")
        wanted = front + len(values) // each
        values = [text(value) for value in values]
    need(exactly is None or len(values) == exactly, "5 count")
    need(values or name not in ("groups", "warnings"), "5 at least one")
    if name == "warnings":
        for code in values[::3]:
            need(code and not code.strip("abcdefghijklmnopqrstuvwxyz0123456789-"), "5 code")
    where = origins(sections[kind_of + 1], documents)
    need(len(where) == wanted, "5 origins")
    return {"values": values, "origins": where}


def layer(data):
    sections, passed, total, minor = container(data, LAYER)
    need(len(sections[32]) == 32, "5 FACTS")
    kind, flags, *sets = struct.unpack("<IIQQQ", sections[32])
    need(1 <= kind <= len(LAYERS) and flags < 1 << len(FLAGS), "5 FACTS")
    documents = strings(sections[33])
    need(len(documents) <= 16383, "5 DOCUMENTS")
    ret = {
        "kind": "layer",
        "of": LAYERS[kind - 1],
        "flags": [name for i, name in enumerate(FLAGS) if flags >> i & 1],
        "sets": sets,
        "documents": [text(item) for item in documents],
    }
    for kind_of, (name, *_) in PAIRS.items():
        env = ret.get("env")
        ret[name] = pair(sections, kind_of, len(documents), len(env["values"]) if env else -1)
    ret["digest"] = digest(sections[64]) if 64 in sections else None
    return ret, passed, total, minor


READERS = {CONFIG: config, LAYER: layer}


def read(data, kind, host=True):
    """The content, with what is not content beside it; NotABlob."""
    ret, passed, total, minor = READERS[kind](data)
    behind = trailer(data[total:]) if host else None
    need(not host or not ret.get("rootfs"), "4 ROOTFS on a host")
    return dict(ret, minor=minor, passed_over=passed, trailer=behind), total


# --- writing ---------------------------------------------------------------------------------

def put_strings(items):
    items = [raw(item) + b"\0" for item in items]
    offsets, at = [], 0
    for item in items:
        offsets.append(at)
        at += len(item)
    return struct.pack(f"<II{len(items)}I", len(items), at, *offsets) + b"".join(items)


def put_digest(value):
    return struct.pack("<I", SHA256) + bytes.fromhex(value)


def put_sources(items):
    return bytes(source | secret << 6 for source, secret in items)


def put_origins(items):
    return b"".join(struct.pack("<IIHBB", line, column, 0xffff if document is None else document,
                                source, flags)
                    for line, column, document, source, flags in items)


def config_sections(c):
    if c["exec"] is not None:
        yield 1, raw(c["exec"]) + b"\0"
    yield 2, put_strings(c["argv"])
    yield 3, put_strings([entry for entry, *_ in c["env"]])
    yield 4, raw(c["cwd"]) + b"\0"
    u = c["user"]
    yield 5, struct.pack(f"<4I{len(u['groups'])}I", u["uid"], u["gid"], u["umask"],
                         len(u["groups"]), *u["groups"])
    yield 6, bytes(source | secret << 6
                   | (entry.partition("=")[2].startswith("sealed.") << 7)
                   for entry, source, secret in c["env"])
    if c["rootfs"] is not None:
        yield 7, put_strings(c["rootfs"])
    if c["inputs"]:
        yield 8, b"".join(struct.pack("<I", i + 1) + put_digest(c["inputs"][name])
                          for i, name in enumerate(INPUTS) if name in c["inputs"])
    yield 11, put_sources(c["sources"])


def layer_sections(c):
    flags = sum(1 << FLAGS.index(name) for name in c["flags"])
    yield 32, struct.pack("<IIQQQ", LAYERS.index(c["of"]) + 1, flags, *c["sets"])
    yield 33, put_strings(c["documents"])
    for kind_of, (name, is_numbers, *_) in PAIRS.items():
        if c[name] is None:
            continue
        values = c[name]["values"]
        yield kind_of, (struct.pack(f"<{len(values)}Q", *values) if is_numbers
                        else put_strings(values))
        yield kind_of + 1, put_origins(c[name]["origins"])
    if c["digest"] is not None:
        yield 64, put_digest(c["digest"])


def put_container(kind, minor, sections):
    """Any sections, right or wrong: (type, flags, content)."""
    at = 32 + 16 * len(sections)
    table, contents = b"", b""
    for kind_of, flags, content in sections:
        table += struct.pack("<HHIII", kind_of, flags, at + len(contents), len(content), 0)
        contents += content + bytes(-len(content) % 8)
    return struct.pack("<8sHHIIIII", b"OCIENVB", 1, minor, 32, at + len(contents), len(sections),
                       kind, 0) + table + contents


def sections_of(content):
    """(type, flags, content) of all that is content."""
    is_config = content["kind"] == "config"
    known = CONFIG_TYPES if is_config else LAYER_TYPES
    make = config_sections if is_config else layer_sections
    return [(kind_of, known[kind_of][0], data) for kind_of, data in make(content)]


def write(content, with_all=False):
    """The measured prefix without what was passed over; with_all: the whole file."""
    sections = sections_of(content)
    if with_all:
        sections += [(kind_of, 0, bytes.fromhex(data)) for kind_of, data in content["passed_over"]]
        sections.sort(key=lambda section: section[0])
    blob = put_container(CONFIG if content["kind"] == "config" else LAYER,
                         content["minor"] if with_all else MINOR, sections)
    if with_all and content["trailer"] is not None:
        data = raw(content["trailer"])
        blob += struct.pack("<8sII", b"OCIENVT", 16 + len(data), 0) + data
    return blob
