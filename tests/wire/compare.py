# SPDX-License-Identifier: Apache-2.0
"""compare.py VERDICT FOLDER COUNT [PROGRAM...]: do the library and oeb1.py, which knows
docs/wire.md only, take and refuse the same blobs?

VERDICT is the built tests/wire/verdict; FOLDER holds samples/ and, beside the tests,
fuzz/corpus/blob; COUNT is how many blobs are damaged on purpose, beside every truncation of
each; PROGRAMs are unit tests, which write their blobs down where OCIENV_TEST_BLOBS says."""
import hashlib
import json
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import oeb1

BOOT, CONFIG, LAYER = 1, 2, 4
LONGEST = 1500  # of a blob that is damaged in every place


# --- verdicts --------------------------------------------------------------------------------

def judge(data):
    """What oeb1.py says: verdict, and what a host writes again."""
    verdict, again = 0, b""
    for kind, bit in ((oeb1.CONFIG, CONFIG), (oeb1.LAYER, LAYER)):
        try:
            content, passed, total, _ = oeb1.READERS[kind](data)
        except oeb1.NotABlob:
            continue
        if bit == CONFIG:
            verdict |= BOOT
        try:
            oeb1.trailer(data[total:])
        except oeb1.NotABlob:
            continue
        if content.get("rootfs"):
            continue
        verdict |= bit
        again = oeb1.write(content)
        if not passed and again != data[:total]:
            raise SystemExit(f"oeb1.py does not write what it reads: {data.hex()}")
    return verdict, again


def stream(blobs):
    return b"".join(struct.pack("<I", len(blob)) + blob for blob in blobs)


def ask(program, blobs, *args):
    with tempfile.TemporaryFile() as file:
        file.write(stream(blobs))
        file.seek(0)
        return subprocess.run([program, *args], stdin=file, stdout=subprocess.PIPE,
                              check=True).stdout


class Tally:
    """Blobs, by what both said."""

    def __init__(self, program):
        self.program = program
        self.accepted = self.refused = self.different = 0

    def compare(self, blobs):
        """Lets both judge them."""
        answer, at = ask(self.program, blobs), 0
        for blob in blobs:
            verdict, again = judge(blob)
            said, at = answer[at], at + 1
            digest = b""
            if said & (CONFIG | LAYER):
                digest, at = answer[at:at + 48], at + 48
            if said != verdict or digest != (hashlib.sha384(again).digest() if again else b""):
                self.different += 1
                print(f"library {said}, oeb1.py {verdict}: {blob[:4096].hex()}")
            elif verdict:
                self.accepted += 1
            else:
                self.refused += 1
        if at != len(answer):
            raise SystemExit("the library said more than it was asked")

    def expect(self, name, blob, verdict):
        """Both must say this."""
        if judge(blob)[0] != verdict:
            self.different += 1
            print(f"{name}: expected {verdict}, oeb1.py says {judge(blob)[0]}")
        self.compare([blob])


# --- blobs -----------------------------------------------------------------------------------

def written_by(programs):
    """All blobs that unit tests make."""
    blobs = set()
    for program in programs:
        with tempfile.NamedTemporaryFile() as file:
            subprocess.run([program], env=dict(os.environ, OCIENV_TEST_BLOBS=file.name),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            data, at = file.read(), 0
        if not data:
            raise SystemExit(f"{program} wrote no blob down")
        while at < len(data):
            size = struct.unpack_from("<I", data, at)[0]
            blobs.add(data[at + 4:at + 4 + size])
            at += 4 + size
    return sorted(blobs)


def built(data):
    """The blob of an input of fuzz/target_blob.c."""
    if data[:1] == b"O":
        return data
    kind, minor = (data[:1] or b"\0")[0] & 1, data[1] if len(data) > 1 else 0
    sections, at = [], 2
    while len(data) - at >= 4 and len(sections) < 64:
        of, flags, length = struct.unpack_from("<BBH", data, at)
        content = data[at + 4:at + 4 + length]
        sections.append((of if of < 200 else 0x8000 + of, flags, content))
        at += 4 + len(content)
    return oeb1.put_container(kind, minor, sections)


def words(dice, least=0, alphabet="abcxyzABC019_./-=\xc3\xa9 $(){}"):
    return "".join(dice.choice(alphabet) for _ in range(dice.randint(least, 12)))


def path(dice):
    parts = [words(dice, 1, "abcxyz09_-") for _ in range(dice.randint(1, 4))]
    return "/" + "/".join(dice.choice((part, part, "..")) for part in parts)


def any_config(dice):
    # Readers look at 16 bytes at a time: names that are the same for about as long.
    start = dice.choice(("", "", "SIXTEEN_LETTERS_AND_MORE"[:dice.randint(12, 18)]))
    names = {start + words(dice, 1, "ABC019_.-") for _ in range(dice.choice((0, 1, 3, 9)))}
    names |= {name + dice.choice(("-B", ".", "_A", "~")) for name in sorted(names)
              if dice.randint(0, 1)}
    groups = sorted(dice.sample(range(70000), dice.choice((0, 1, 4))))
    count = dice.randint(1, 5)
    return {
        "kind": "config",
        "exec": dice.choice((None, path(dice))),
        "argv": [words(dice, 0, "ab \xff\x01=") for _ in range(count)],
        "env": [[name + "=" + dice.choice(("", "sealed.", "sealed", words(dice))),
                 dice.randint(0, 10), dice.randint(0, 1)]
                for name in sorted(names, key=oeb1.raw)],
        "cwd": dice.choice(("/", "//a/./b/", path(dice))),
        "user": {"uid": dice.choice((0, 999, 0xfffffffe)), "gid": dice.randint(0, 70000),
                 "umask": dice.choice((0, 0o22, 0o777)), "groups": groups},
        "rootfs": None,
        "inputs": {name: bytes([dice.randint(0, 255)] * 32).hex()
                   for name in oeb1.INPUTS if not dice.randint(0, 3)},
        "sources": [[dice.randint(0, 10), dice.randint(0, 1)] for _ in range(count + 2)],
    }


def any_origin(dice, documents):
    where = dice.choice([None, *range(documents)])
    return [dice.randint(0, 99), dice.randint(0, 99), where, dice.randint(0, 10),
            dice.randint(0, 3)]


def any_pair(dice, of, documents, count):
    name, is_numbers, exactly, front, each, _, most = of
    values = [dice.randint(0, min(most, 99)) if is_numbers else words(dice, 0, "ab=$./")
              for _ in range(count if exactly is None else exactly)]
    if name == "warnings":
        values = ["a-code", "", "a message"] * count
    return {"values": values, "origins": [any_origin(dice, documents)
                                          for _ in range(front + len(values) // each)]}


def any_layer(dice):
    documents = dice.randint(0, 3)
    content = {
        "kind": "layer", "of": dice.choice(oeb1.LAYERS),
        "flags": [name for name in oeb1.FLAGS if not dice.randint(0, 2)],
        "sets": [dice.getrandbits(64) if dice.randint(0, 1) else 0 for _ in range(3)],
        "documents": [words(dice) for _ in range(documents)],
        "digest": dice.choice((None, "0f" * 32)),
    }
    for of in oeb1.PAIRS.values():
        least = 1 if of[0] in ("groups", "warnings") else 0
        content[of[0]] = None if dice.randint(0, 2) else any_pair(
            dice, of, documents, dice.randint(least, 4))
    content["overrode"] = None
    count = len(content["env"]["values"]) if content["env"] else 0
    lost = [dice.randint(0, 2) for _ in range(count)]
    if sum(lost):
        content["overrode"] = {"values": lost, "origins": [any_origin(dice, documents)
                                                           for _ in range(sum(lost))]}
    return content


# --- damage ----------------------------------------------------------------------------------

def flip(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + bytes([blob[at] ^ 1 << dice.randrange(8)]) + blob[at + 1:]


def replace(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + bytes([dice.choice(b"\0\1\2=/.\x7f\x80\xff")]) + blob[at + 1:]


def insert(dice, blob):
    at = dice.randrange(len(blob) + 1)
    return blob[:at] + bytes([dice.choice((0, 0, 255, dice.randrange(256)))]) + blob[at:]


def delete(dice, blob):
    at = dice.randrange(len(blob))
    return blob[:at] + blob[at + 1:]


def number(dice, blob):
    at = dice.randrange(len(blob) // 4) * 4
    value = struct.unpack_from("<I", blob, at)[0] + dice.choice((-8, -4, -1, 1, 4, 8, 1 << 31))
    return blob[:at] + struct.pack("<I", value & oeb1.U32) + blob[at + 4:]


def section(dice, blob):
    """A section is changed, doubled, moved or taken away, and the container is right again."""
    count, kind = struct.unpack_from("<I4xI", blob, 20)[0], blob[24]
    sections = []
    for i in range(count):
        of, flags, offset, length, _ = struct.unpack_from("<HHIII", blob, 32 + 16 * i)
        sections.append([of, flags, blob[offset:offset + length]])
    if not sections:
        return flip(dice, blob)
    one = dice.choice(sections)
    way = dice.randrange(6)
    if way == 0 and one[2]:
        one[2] = dice.choice((flip, replace, insert, delete))(dice, one[2])
    elif way == 1:
        sections.remove(one)
    elif way == 2:
        one[0] = dice.choice((0, 1, 8, 9, 12, 32, 64, 65, 0x7fff, 0x8000, 0xffff))
    elif way == 3:
        one[1] ^= dice.choice((1, 1, 2))
    elif way == 4:
        one[2] = dice.choice(sections)[2]
    else:
        sections.append([dice.choice((9, 12, 65, 0x8000, 0xffff)), dice.randrange(2), b"new"])
    if dice.randrange(8):
        sections.sort(key=lambda item: item[0])
    return oeb1.put_container(kind, dice.choice((0, 0, 0, 1, 7)), sections)


BYTES = (flip, flip, replace, insert, delete, number)
WAYS = BYTES + (section, section)  # that one needs a blob that is whole


def pieces(blobs, dice, count):
    """Every truncation of each, then `count` of other damage."""
    for blob in blobs:
        for size in range(len(blob)):
            yield blob[:size]
    for _ in range(count):
        blob = dice.choice(blobs)
        damaged = dice.choice(WAYS)(dice, blob)
        yield damaged if dice.randrange(8) else dice.choice(BYTES)(dice, damaged)


# --- rules that are checked by their own expectation -------------------------------------------

def check_versions(tally, dice):
    """2.3 and 2.4: (type, critical, major, minor, accepted?)."""
    kinds = ((oeb1.CONFIG, any_config, BOOT | CONFIG, 12, 40), (oeb1.LAYER, any_layer, LAYER, 65, 9))
    for kind, make, good, unknown, foreign in kinds:
        sections = oeb1.sections_of(make(dice))
        rows = [(None, 0, 1, 0, True), (None, 0, 0, 0, False), (None, 0, 2, 0, False),
                (None, 0, 1, 1, False), (None, 0, 1, 0xffff, False)]
        for of in (unknown, foreign, 31, 95, 96, 0x7fff):
            rows += [(of, 0, 1, 0, False), (of, 1, 1, 0, False), (of, 0, 1, 1, True),
                     (of, 0, 1, 0xffff, True), (of, 1, 1, 1, False), (of, 0, 2, 1, False),
                     (of, 2, 1, 1, False)]
        for of in (0x8000, 0xffff):
            rows += [(of, 0, 1, 0, True), (of, 1, 1, 0, False), (of, 0, 1, 1, False)]
        for of, flags, major, minor, accepted in rows:
            every = sections + ([(of, flags, b"new")] if of else [])
            blob = bytearray(oeb1.put_container(kind, minor, sorted(every)))
            struct.pack_into("<H", blob, 8, major)
            tally.expect(f"kind {kind} type {of} critical {flags} version {major}.{minor}",
                         bytes(blob), good if accepted else 0)
        both = [(unknown, 0, b""), (0x8000, 0, b"v")]
        tally.expect("newer and vendor", oeb1.put_container(kind, 1, sorted(sections + both)),
                     good)


def check_samples(tally, folder):
    """Each sample is what the JSON beside it says, for both readers; the bytes are frozen."""
    files = sorted(folder.glob("*.json"))
    names = {file.stem for file in files}
    if len(files) < 12 or names != {file.stem for file in folder.glob("*.oeb")}:
        raise SystemExit(f"{folder}: expected 12 blobs and a .json for each")
    blobs = []
    for file in files:
        expected = json.loads(file.read_text(encoding="ascii"))
        blob = file.with_suffix(".oeb").read_bytes()
        blobs.append(blob)
        digest = expected.pop("sha384")
        kind = oeb1.CONFIG if expected["kind"] == "config" else oeb1.LAYER
        content, total = oeb1.read(blob, kind, host=not expected.get("rootfs"))
        said = json.loads(ask(tally.program, [blob], "--json"))
        wanted = {key: value for key, value in expected.items()
                  if key not in ("minor", "passed_over", "trailer")}
        if expected.get("rootfs"):
            for key in ("env", "inputs", "sources"):
                wanted.pop(key)  # the enclave has no words for these
        for what, a, b in (("oeb1.py", content, expected), ("the library", said, wanted),
                           ("oeb1.py's bytes", oeb1.write(expected, True), blob),
                           ("SHA-384", hashlib.sha384(blob[:total]).hexdigest(), digest)):
            if a != b:
                tally.different += 1
                print(f"{file.name}: {what}: {a!r}, expected {b!r}")
    tally.compare(blobs)
    return blobs


def main():
    program, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    tally, dice = Tally(program), random.Random(1)
    bases = check_samples(tally, folder / "samples")
    check_versions(tally, dice)
    corpus = sorted((folder.parent.parent / "fuzz/corpus/blob").iterdir())
    others = written_by(sys.argv[4:]) + [built(file.read_bytes()) for file in corpus]
    made = [oeb1.write(make(dice)) for _ in range(60) for make in (any_config, any_layer)]
    for blob in made:
        if not judge(blob)[0]:
            raise SystemExit(f"oeb1.py refuses what it wrote: {blob.hex()}")
    tally.compare(others + made)
    bases = [blob for blob in bases + others + made if judge(blob)[0] and len(blob) < LONGEST]
    batch = []
    for blob in pieces(bases, dice, count):
        batch.append(blob)
        if len(batch) == 20000:
            tally.compare(batch)
            batch = []
    tally.compare(batch)
    print(f"{len(bases)} blobs were damaged")
    print(f"{tally.accepted + tally.refused + tally.different} blobs, {tally.accepted} accepted by "
          f"both, {tally.refused} refused by both, {tally.different} disagreements")
    few = len(bases) < 100 or tally.accepted < 1000 or tally.refused < 1000
    sys.exit(1 if tally.different or few else 0)


main()
