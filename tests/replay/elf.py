# SPDX-License-Identifier: Apache-2.0
"""ELF files of a few hundred bytes: headers for a look-up to read. Nobody runs them."""
import struct

MACHINES = {"i386": 3, "mips": 8, "mips64": 8, "ppc": 20, "ppc64": 21, "ppc64le": 21,
            "s390x": 22, "arm": 40, "x86_64": 62, "aarch64": 183, "riscv64": 243,
            "loongarch64": 258}
TYPES = {"none": 0, "rel": 1, "exec": 2, "dyn": 3, "core": 4}
NARROW = {"i386", "mips", "ppc", "arm"}
BIG = {"mips", "mips64", "ppc", "ppc64", "s390x"}
KEYS = {"machine", "type", "class", "order", "interp", "needed", "rpath", "runpath"}

PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NULL, DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_RPATH, DT_RUNPATH = 0, 1, 5, 10, 15, 29
BASE = 0x400000


def number(value, names):
    """What a description gives as a name or as the number itself."""
    return value if isinstance(value, int) else names[value]


class Writer:
    """Packs for one class and byte order."""

    def __init__(self, wide, big):
        self.wide = wide
        self.order = ">" if big else "<"
        self.header_size, self.entry_size = (64, 56) if wide else (52, 32)

    def pack(self, layout, *values):
        """`W` is a word of the class."""
        layout = layout.replace("W", "Q" if self.wide else "I")
        return struct.pack(self.order + layout, *values)

    def header(self, kind, machine, entries):
        ident = b"\x7fELF" + bytes([2 if self.wide else 1, 2 if self.order == ">" else 1, 1])
        return ident + bytes(9) + self.pack(
            "HHIWWWIHHHHHH", kind, machine, 1, BASE, self.header_size, 0, 0, self.header_size,
            self.entry_size, entries, 0, 0, 0)

    def program_header(self, kind, offset, size):
        flags, address, align = 5, BASE + offset, 4096 if kind == PT_LOAD else 1
        if self.wide:
            return self.pack("IIQQQQQQ", kind, flags, offset, address, address, size, size,
                             align)
        return self.pack("IIIIIIII", kind, offset, address, address, size, size, flags, align)

    def dynamic(self, offset, described):
        """The entries, and behind them the strings that they are about."""
        named = [(DT_NEEDED, name) for name in described.get("needed", [])]
        named += [(tag, described[key]) for tag, key in ((DT_RPATH, "rpath"),
                                                         (DT_RUNPATH, "runpath"))
                  if key in described]
        strings, entries = b"\0", b""
        for tag, text in named:
            entries += self.pack("WW", tag, len(strings))
            strings += text.encode() + b"\0"
        at = BASE + offset + len(entries) + 3 * len(self.pack("WW", 0, 0))
        for tag, value in ((DT_STRTAB, at), (DT_STRSZ, len(strings)), (DT_NULL, 0)):
            entries += self.pack("WW", tag, value)
        return entries + strings, len(entries)


def build(described):
    """The file that a description means; True is the smallest static x86_64 program."""
    described = {} if described is True else described
    if not isinstance(described, dict) or set(described) - KEYS:
        raise ValueError(f"expected an ELF description of {sorted(KEYS)}, found {described!r}")
    machine = described.get("machine", "x86_64")
    writer = Writer(described.get("class", 32 if machine in NARROW else 64) == 64,
                    described.get("order", "big" if machine in BIG else "little") == "big")
    interp = described.get("interp")
    is_dynamic = any(described.get(key) for key in ("needed", "rpath", "runpath"))
    kind = described.get("type", "dyn" if interp or is_dynamic else "exec")
    parts = [PT_LOAD] + [PT_INTERP] * (interp is not None) + [PT_DYNAMIC] * is_dynamic
    headers, body = b"", b""
    start = writer.header_size + len(parts) * writer.entry_size
    if interp is not None:
        body = interp.encode() + b"\0"
        headers += writer.program_header(PT_INTERP, start, len(body))
    if is_dynamic:
        content, size = writer.dynamic(start + len(body), described)
        headers += writer.program_header(PT_DYNAMIC, start + len(body), size)
        body += content
    headers = writer.program_header(PT_LOAD, 0, start + len(body)) + headers
    return writer.header(number(kind, TYPES), number(machine, MACHINES),
                         len(parts)) + headers + body
