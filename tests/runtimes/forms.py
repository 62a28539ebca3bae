# SPDX-License-Identifier: Apache-2.0
"""The odd forms that each part of a process can have."""
ABSENT = object()

PATHS = [
    ABSENT, "", "/bin", "/usr/bin:/bin", "/bin:/usr/bin:/bin", ":", ":/bin", "/bin:",
    "/nowhere::/bin",
    ".", "./", "bin", "./bin:/bin", "bin:/usr/bin", "..", "sub:/usr/bin", "/nowhere:/bin",
    "//bin//", "/bin/",
    "/bin/.:/usr/bin", "/deep/../bin", "/usr/lib/../../bin", "/nowhere/../bin", "/bin/show",
    "/bin/show/..:/usr/bin",
    "/root-only:/usr/bin", "/alice:/usr/bin", "/bob:/usr/bin", "/no-search:/usr/bin",
    "/dangling:/loop:/bin",
    "/a:b:/bin", "/sbin", "/work/up/bin", "/" + "n" * 300 + ":/bin",
    "/nowhere:" * 400 + "/bin", "~/bin:/bin",
    "$HOME:/bin", " /bin", "/bin ", "/with space:/bin", "/proc/self:/bin", "/:/bin", "/../bin",
    "/work:/bin",
    "/" + "x/" * 3000 + ":/bin",
]

NAMES = [
    "show", "/bin/show", "/usr/bin/show", "./show", "bin/show", "sub/show", "./bin/show",
    "../bin/show",
    "../show", ".//show", "/bin/../usr/bin/show", "//bin//show", "/bin/./show", "/show",
    "only", "tool",
    "", ".", "..", "...", "..x", ".hidden", "./.hidden", "/", "./", "../", "//", "/bin",
    "/bin/", "show/", "./show/", "/bin/show/",
    "/bin/show/.", "/bin/show/..", "/bin/show/../show", "nowhere", "/nowhere/show",
    "nowhere/show", "adir", "/bin/adir",
    "no-x", "/bin/no-x", "nowhere-x", "afifo", "/bin/afifo", "loop", "/bin/loop", "link",
    "link-up", "dangling",
    "/bin/dangling", "/bin/link-dir/show", "/deep/../bin/show", "/sbin/show", "for-root",
    "/bin/for-root", "for-alice", "for-group", "not-group",
    "not-owner", "others", "setuid", "script", "/bin/script", "script-arg", "script-twice",
    "script-crlf",
    "script-lost", "script-plain", "script-empty", "/root-only/show", "/alice/show",
    "/bob/show", "with space", "sh\u00f6w",
    "n" * 255, "n" * 256, "/" + "n" * 4095, "show\n", " show", "SHOW", "show\0",
    "/bin/show\0x", "\0", "-c", "*",
    "/proc/self/exe", "/bin/show" + "/." * 20,
]
# What stands behind the name.
REST = [
    [""], ["", ""], ["a", "", "b"], [" "], ["-c", "echo $HOME; exit"],
    ["$(A)", "$$(A)", "${A}"], ["\u00e9\u4e2d\U0001f600"],
    ["line\nline", "tab\t", "\u0001\u001b\u007f"], ["x" * 100000], ["a\0b"], ["\0"],
    ["\u2028\u0085"], ["\\", "\"", "'"],
    ["n"] * 300, ["\ufeffmark"], ["\ufffd"],
]

CWDS = [
    "/", "/work", "/work/", "//work//sub", "/work/./sub", "/work/../bin", "/work/sub/..",
    "/..", "/../../work", "/bin",
    "/nowhere", "/made/for/it", "/nowhere/../work", "/work/new/", "/with space", "/w\u00f6rk",
    "/new\nline", "/bin/show", "/bin/show/x", "/bin/afifo",
    "/root-only", "/alice", "/bob", "/no-search", "/root-only/new", "/deep", "/deep/..",
    "/deep/new", "/work/up/bin", "/dangling", "/loop", "/loop/x",
    "/a:b", "/" + "d" * 255, "/" + "d" * 256, "/" + "d/" * 1000, "/" + "d/" * 2500, "", ".",
    "..", "work", "./work", "nowhere", "../work", "work/sub/..", " /work", "~",
    "/work\0", "/\0", "\0", "/tmp", "/etc/passwd", "/dev", "/proc", "/proc/self/root", ABSENT,
    None,
]

IDS = [0, 1, 7, 4, 1000, 1001, 1002, 1003, 1004, 1005, 50, 65534, 2147483647]
ODD_IDS = [2147483648, 4294967294, 4294967295, 4294967296, -1, 1.5, "1000", True]
GROUPS = [
    [], [0], [50], [1000], [1001], [0, 1000, 1001], [7, 7, 7], [50, 7, 50, 1], [1001, 0, 1001],
    [2147483647],
    list(range(100, 164)), [2147483648], [4294967295], [4294967294], [-1], ["50"], None,
    [None],
]
USERS = [ABSENT, None, {}, {"uid": 1000}, {"gid": 1001}, {"username": "alice"},
         {"uid": 1001, "gid": 0, "username": "alice"}]
UMASKS = [0, 0o22, 0o27, 0o77, 0o777, 0o1777, 0o7777, 65535, 4294967295, 4294967296, -1, "022",
          None]

CAPABILITIES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_SETGID",
                "CAP_SETUID", "CAP_KILL"]


def sets(names, *kinds):
    return {kind: names for kind in kinds}


CAPS = [
    sets(CAPABILITIES, "bounding", "permitted", "effective"),
    sets([], "bounding", "permitted", "effective"), ABSENT,
    sets(["CAP_DAC_OVERRIDE"], "bounding", "permitted", "effective"),
    sets(["CAP_DAC_READ_SEARCH"], "bounding", "permitted", "effective"),
    sets(CAPABILITIES, "bounding", "permitted"),
    sets(["CAP_CHOWN", "CAP_KILL"], "bounding", "permitted", "effective"), {}, None,
]

ENV_NAMES = [
    "A", "B", "LANG", "TERM", "a.b", "a-b", "1x", "x y", " lead", "trail ", "\u00e9", "A\nB",
    "A\tB", "$(A)", "a", "HOME2", "PATH2", "_",
    "N" * 2000, "\u2028", "%s", "A'B", "A\"B", "\\", "LD_PRELOAD", "LISTEN_FDS", "\u0001",
]
ENV_VALUES = [
    "", "1", "2", "x=y", "=", "with space", " lead", "trail ", "line\nline\n",
    "\u4e2d\U0001f600", "$(A)", "$A", "\u0001\u007f", "v" * 60000, "'\"\\",
    "\ufffd", "\ufeff",
]
HOMES = ["HOME=", "HOME=/x", "HOME=relative", "HOME= ", "HOME=/a=b", "home=/x", "HOME",
         "=HOME", "HOME=\0", "HOME=/x\0y"]
# Whole lists; PATH stands in front unless a list has "!".
ENVS = [
    ABSENT, None, [], ["!"], ["A=1", "A=2"], ["A=1", "B=2", "A=3"], ["A=1", "A=1"],
    ["A=", "A=1"], ["A=1", "A="],
    ["A"], ["A", "A=1"], ["A=1", "A"], ["A=1", "A", "A=2"], [""], ["", "A=1"], ["=x"],
    ["=x", "=y"], ["="], ["=", "A=1"], ["=A=1"],
    ["A\0=1"], ["A=1\0"], ["A=\0", "A=1"], ["A=1", "A=\0"], ["\0"], ["\0=1"], ["A\0"],
    ["A=1", "a=2", "A =3"], ["PATH=/usr/bin"],
    ["PATH=/nowhere", "PATH=/bin"], ["PATH"], ["PATH="], ["Path=/usr/bin"], ["PATH =/usr/bin"],
    ["!", "PATH"], ["!", "A=1", "PATH=/bin"],
    ["!", "PATH=/bin", "PATH=/nowhere", "PATH=/usr/bin"], [None], ["A=1", None, "B=2"], [1],
    ["A=1", 1, "B=2"], [["A=1"]], "A=1", {"A": "1"}, 0,
    ["A%d=%d" % (n, n) for n in range(1000)], ["A=%d" % n for n in range(200)],
    ["A=" + "v" * 100000],
    ["HOME=", "HOME=/x"], ["HOME=/x", "HOME="], ["A=1", "HOME=", "B=2"],
    ["HOME=/x", "A=1", "HOME=/y"], ["HOME=", "A=1", "HOME="],
]
ENVS += [["A=1", home, "B=2"] for home in HOMES]
ENVS += [[name + "=1"] for name in ENV_NAMES] + [["A=" + value] for value in ENV_VALUES]

# Where who looks makes a difference.
PRIVATE = ["only", "alice", "bob", "no-search", "for-", "not-", "others", "no-x", "setuid",
           ".."]

# Edits of the text: what only a parser can meet.
TEXTS = [
    ("key-case", '"env"', '"ENV"'), ("key-case", '"args"', '"arg\\u017f"'),
    ("key-case", '"process"', '"Process"'),
    ("key-twice", '"env"', '"env": ["A=0"], "env"'),
    ("key-twice", '"args"', '"args": ["/bin/show", "x"], "args"'),
    ("key-twice", '"cwd"', '"cwd": "/bin", "cwd"'), ("key-escaped", '"env"', '"\\u0065nv"'),
    ("unknown", '"cwd"', '"nobody": {"knows": [1]}, "cwd"'),
    ("surrogate-pair", '"A=1"', '"A=\\ud83d\\ude00"'),
    ("surrogate-half", '"A=1"', '"A=\\ud800x"'), ("surrogate-half", '"A=1"', '"A=\\udc00"'),
    ("escapes", '"A=1"', '"A=\\/\\b\\f\\n\\r\\t\\"\\\\"'),
    ("no-utf8", '"A=1"', b'"A=\xff"'), ("no-utf8", '"A=1"', b'"A=\xc3"'),
    ("overlong", '"A=1"', b'"A=\xc0\xaf"'), ("cesu", '"A=1"', b'"A=\xed\xa0\xbd\xed\xb8\x80"'),
    ("raw-utf8", '"A=1"', b'"A=\xe4\xb8\xad"'), ("raw-control", '"A=1"', '"A=\n"'),
    ("comma", '"A=1"', '"A=1",'), ("comment", '"A=1"', '"A=1" /* one */'),
    ("quotes", '"A=1"', "'A=1'"), ("escape-x", '"A=1"', '"A=\\x41"'),
    ("plus", '"uid": 0', '"uid": +0'), ("zeros", '"uid": 0', '"uid": 00'),
    ("exponent", '"uid": 0', '"uid": 0e0'), ("fraction", '"uid": 0', '"uid": 0.0'),
    ("minus", '"uid": 0', '"uid": -0'), ("nan", '"uid": 0', '"uid": NaN'),
    ("hex", '"uid": 0', '"uid": 0x0'), ("no-process", '"process"', '"nothing"'),
    ("nested", '"cwd"', '"x": ' + "[" * 40 + "]" * 40 + ', "cwd"'),
]
