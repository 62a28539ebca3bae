# SPDX-License-Identifier: Apache-2.0
"""make-dicts.py TOP [--check]: writes fuzz/dict/*.dict, or says which are out of date.

The names of members are taken from the tables of fields and shapes in lib/read/, so that a
field that is added is fuzzed from then on; the words of the grammars stand here."""
import pathlib
import re
import sys

# What a name stands behind in the tables: FIELD("env", ...), SHAPE_MEMBER("args", ...).
NAME = re.compile(r'\b(?:FIELD|FIELD_IGNORED|SHAPE_MEMBER)\(\s*"([^"]+)"')

JSON = [
    "{", "}", "[", "]", ",", ":", '"', '""', "[]", "{}", "null", "true", "false", "-", "0",
    "1e9", ".5", "18446744073709551615", "4294967295", '\\"', "\\\\", "\\n", "\\u0000",
    "\\u0041", "\\ud83d\\ude00", "\\ud800", "\\udc00", "\xff\x19\x09\0\0\0\0\0", "\xef\xbb\xbf",
    "\r\n",
]
YAML = [
    "---\n", "...\n", "- ", "? ", ": ", ", ", "[", "]", "{", "}", "|", ">", "|2-\n", ">+\n",
    "&a ", "*a", "<<: ", "<<: *a", "<<: [*a]", "# ", "'", '"', "!!str ", "!!int ",
    "!!float ", "!!binary ", "!!bool ", "!!null ", "! ", "!<tag:yaml.org,2002:str> ",
    "%YAML 1.1\n", "%TAG ! tag:x,2000:\n", "~", "null", "yes", "off", "0x1F", "0o17", "017",
    "0b11", "1_000", "190:20:30", ".inf", ".NaN", "1e3", "2001-12-14t21:59:43.10-05:00",
    "\\x41", "\\/", "\\\n", "\t", "\r", "\r\n", "\xc2\x85", "\xe2\x80\xa8", "\xef\xbb\xbf",
    "\xff\x19\x09\0\0\0\0\0",
]
OCI = ["PATH=/bin", "HOME=", "A=$B", "CAP_CHOWN", "1000:1000", "root", "/bin/sh", "/"]
KUBERNETES = [
    "\n%%%%\n", "apiVersion: v1\n", "apps/v1", "batch/v1", "kind: Pod\n", "ConfigMap", "Secret",
    "Service", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob",
    "List", "$(A)", "$$(A)", "$(", ")", "$$", "metadata.name", "metadata.uid",
    "limits.cpu", "requests.memory", "1500m", "2Gi",
    "metadata.labels['a']", "metadata.annotations['a']", "status.podIP", "status.hostIPs",
    "spec.nodeName", "clusterIP: None", "kubernetes", "default", "YQ==",
]
# Of both byte orders: classes, types, machines, segments, tags, sizes that overflow.
ELF = [
    "\x7fELF", "\x7fELF\x01\x01\x01", "\x7fELF\x01\x02\x01", "\x7fELF\x02\x01\x01",
    "\x7fELF\x02\x02\x01",
] + [
    "".join(map(chr, number.to_bytes(size, order)))
    for number, size in (
        (2, 2), (3, 2), (62, 2), (20, 2), (32, 2), (56, 2), (64, 2), (1, 4), (2, 4), (3, 4),
        (1, 8), (5, 8), (14, 8), (15, 8), (29, 8), (0x6ffffffb, 8), (5, 4), (14, 4), (29, 4),
        (0x6ffffffb, 4), (2**63 - 1, 8), (2**64 - 1, 8), (2**32 - 1, 4), (2**31, 4),
    ) for order in ("little", "big")
] + ["libx.so.1\0", "$ORIGIN/../lib\0", "/lib64/ld-linux-x86-64.so.2\0"]
SHEBANG = ["#!", "#!/", "#! ", "/bin/sh", "/usr/bin/env ", " ", "\t", "\n", "\r\n", "\0", "-x",
           "\xef\xbb\xbf", "/." * 60, " " * 120, "n" * 127]
LIBRARY = ["/lib/\0", "/usr/lib/\0", "/lib64/\0", "/lib/x86_64-linux-gnu/\0", "/", "//", ":", ";", "\n",
           "\0", "ld-musl-", "/lib/ld-musl-x86_64.so.1", ".so", "ld-linux"]
BLOB = [
    "OCIENVB\0", "OCIENVT\0", "\1\0\0\0", "\0\0\0\0", "sealed.", "A=1\0", "=", "/\0", "/../", "//", "/./",
    "\xff\xff\xff\xff", "\xff\xff", "\xc3\xa9", "\x01\0\x20\0\0\0", "\0\0\0\0\0\0\0\0",
]
POLICY = [
    "\n%%%%\n", '"ocienv_policy":1', "*", "?", "LD_PRELOAD", "OCCLUM", "sealed.", "sha256:",
    '"default"', '"image"', '"runtime"', '"pod"', '"policy"', '"libos"', '"drop"', '"reject"',
    '"exact"', '"prefix"', '"any"', '"ipv4"', '"ipv6"', '"port"', '"uint"', '"bool"',
    '"dns_name"', '"abs_path"', '"path_list"', '"url"', '"hex"', '"base64"', '"text"', "0" * 64,
]
EXPAND = ["$", "$$", "$(", ")", "$(A)", "$(AB)", "$$(A)", "A=", "AB=$(A)", "\n", "\n\n", "=", "\xff\x06",
          "\xc3\xa9", "\xed\xa0\x80", "\xf0\x9f\x98\x80", "\xf4\x90\x80\x80", "\xc0\x80"]
PASSWD = [":", "::", ":x:", ":0:0:", ":1000:1000::/home:", "root", "/root", "\n", "\r\n", "\0", "#", "+",
          "-", "+:x:::::\n", ",", " ", "\t", "\v", "\xc2\x85", "\xc2\xa0", "\xe2\x80\xa8", "\xe3\x80\x80",
          "-1", "+1", "010", "0x10", "2147483648", "4294967295", "4294967296", "-4294967296",
          "9223372036854775807", "9223372036854775808", "18446744073709551615",
          "18446744073709551616", "-18446744073709551615"]
RESOLVE = [
    "\n%%%%\nimage\n", "\n%%%%\nspec\n", "\n%%%%\npod\n", "\n%%%%\nobjects\n",
    "\n%%%%\npolicy\n", "\n%%%%\nocclum\n", "r3 ", "r4 ", "r5 ", "c1 ", "f2 ", "f4 ", "f8 ", "f16 ", "u1 ", "u2 ",
    "u3 ", "u4 ", "p1 ", "p2 ", "l1 ", "l2 ", "s65536 ", "d3 ", "h1 ", "n1 ", "b1 ", "b2 ",
    "m9 ", "/bin/", "/usr/bin", "app", "static", "script", "nested", "bare", "missing",
    "relative", "itself", "link", "absolute", "loop", "dangling", "out", "text", "empty",
    "private", "no-x", "group", "redis", "wheel", "bad", "huge", "999", "hush-hush",
    "LD_LIBRARY_PATH=", "HOME=", "HOSTNAME=", "{{", "{%", "\\u001f", "$(A)", "hostfs",
]
OCCLUM = ["4MB", "64 KB", "1GB", "2TB", "4096B", "hostfs", "OCCLUM=yes", "A", "=", "0B",
          "18446744073709551615B", "17179869184GB"]
POLICY_FILES = ["policy.c", "policy_env.c", "policy_user.c"]
OCI_IMAGE = ["application/vnd.oci.image.index.v1+json", "application/vnd.oci.image.manifest.v1+json",
             "application/vnd.oci.image.config.v1+json",
             "application/vnd.docker.distribution.manifest.list.v2+json",
             "application/vnd.docker.distribution.manifest.v2+json",
             "application/vnd.docker.container.image.v1+json", "org.opencontainers.image.ref.name",
             "sha256:" + 64 * "0", "sha512:" + 128 * "a", "1.0.0", '"1"', "2", "linux", "amd64",
             "arm", "arm64", "v7", "v8", "rootfs"]
OCI_FILES = ["image_config.c", "image_shapes.c", "runtime_spec.c", "runtime_shapes.c",
             "linux_shapes.c"]
OCCLUM_FILES = ["occlum_json.c"]
OCI_IMAGE_FILES = ["oci_documents.c", "oci_index.c"]  # in tools/
SHARED_FILES = ["mounts.c"]  # read by both


def names(top, files):
    found = set()
    for file in files:
        found.update(NAME.findall(file.read_text(encoding="utf-8")))
    return sorted(found)


def entry(word):
    """A line of a dictionary: words are given as bytes, one character each."""
    return '"' + "".join(
        "\\" + c if c in '"\\' else c if " " <= c < "\x7f" else f"\\x{ord(c):02x}"
        for c in word) + '"\n'


def dictionaries(top):
    read = top / "lib" / "read"
    oci = [read / name for name in OCI_FILES + SHARED_FILES]
    other = sorted(file for file in read.glob("*.c") if file.name not in OCI_FILES + POLICY_FILES)
    policy = [read / name for name in POLICY_FILES]
    occlum = [read / name for name in OCCLUM_FILES]
    oci_image = [top / "tools" / name for name in OCI_IMAGE_FILES]
    # Answers are made of all documents; the names that steer them are those of the settings.
    answer = [f'"{name}":' for name in names(top, oci + policy + occlum)]
    return {
        "blob": BLOB,
        "json": JSON,
        "policy": JSON + POLICY + [f'"{name}":' for name in names(top, policy)],
        "yaml": YAML,
        "elf": ELF,
        "expand": EXPAND,
        "passwd": PASSWD,
        "resolve": RESOLVE + OCI + answer,
        "occlum": JSON + OCCLUM + [f'"{name}":' for name in names(top, occlum)],
        "shebang": SHEBANG,
        "library": LIBRARY,
        "oci_image": JSON + OCI_IMAGE + [f'"{name}":' for name in names(top, oci_image)],
        "oci": JSON + OCI + [f'"{name}":' for name in names(top, oci)],
        "kubernetes": YAML + KUBERNETES + [f"{name}: " for name in names(top, other)],
    }


def main():
    top = pathlib.Path(sys.argv[1])
    stale = []
    for name, words in dictionaries(top).items():
        path = top / "fuzz" / "dict" / f"{name}.dict"
        text = ("# SPDX-License-Identifier: Apache-2.0\n# Made by fuzz/make-dicts.py.\n"
                + "".join(map(entry, words)))
        if "--check" not in sys.argv[2:]:
            path.write_text(text, encoding="ascii")
        elif not path.exists() or path.read_text(encoding="ascii") != text:
            stale.append(path.name)
    if stale:
        sys.exit(f"expected what fuzz/make-dicts.py writes, found another: {' '.join(stale)}")


main()
