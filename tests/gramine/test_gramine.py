# SPDX-License-Identifier: Apache-2.0
"""test_gramine.py COMMAND VECTORS: what `ocienv resolve --output gramine` writes gives back the
same bytes, and what no manifest carries is refused. VECTORS are answers of a running Gramine."""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import reader

COMMAND, VECTORS = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
ROWS = {row["id"]: row for row in json.loads(pathlib.Path(VECTORS).read_text("utf-8"))}
# Through the tools these cannot go, whatever the spelling.
LETTERED = "\x0b\x0e\x0f\x1a\x1b\x1c\x1d\x1e\x1f\x7f"


def is_text(value):
    return isinstance(value, str)


class Place(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp())
        (cls.dir / "root/bin").mkdir(parents=True)
        shutil.copy("/bin/true", cls.dir / "root/bin/probe")
        (cls.dir / "root/lib64").mkdir()
        shutil.copy("/lib64/ld-linux-x86-64.so.2", cls.dir / "root/lib64")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.dir)

    def emit(self, argv, env=(), cwd="/", uid=0, gid=0, more=(), program="/bin/probe"):
        """(status, standard output, standard error); HOME is given, so that none is added."""
        spec = {"process": {"args": [program, *argv[1:]], "cwd": cwd,
                            "env": [*env, *([] if any(e.startswith("HOME=") for e in env)
                                            else ["HOME=/"])],
                            "user": {"uid": uid, "gid": gid},
                            "capabilities": {"effective": ["CAP_DAC_OVERRIDE"]}}}
        (self.dir / "config.json").write_text(json.dumps(spec), "utf-8")
        done = subprocess.run([COMMAND, "resolve", "--spec", "config.json", "--rootfs", "root",
                               "--output", "gramine", *more], cwd=self.dir,
                              capture_output=True, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def start(self, *args, **options):
        """What a process would get of an answer that must be given."""
        status, out, said = self.emit(*args, **options)
        self.assertEqual(status, 0, said)
        return reader.started(out)

    def refuse(self, word, *args, **options):
        status, out, said = self.emit(*args, **options)
        self.assertEqual((status, out), (1, ""), said)
        self.assertIn(word, said)
        self.assertIn("[unsupported]", said)
        return said


class Recorded(Place):
    """Each argv, environment, directory and user that a running Gramine was seen with."""

    def wanted(self):
        """Rows of processes that a manifest of ours could have started."""
        for row in ROWS.values():
            seen = row["observed"]
            if "argv" not in seen or row.get("execve") or not seen["argv"]:
                continue
            env = seen.get("env", [])
            if not all(map(is_text, [*seen["argv"], *env])):
                continue  # not UTF-8: no document can hold it
            yield row["id"], seen["argv"], env, seen.get("cwd", "/"), seen.get("uid", 0), \
                seen.get("gid", 0)

    def test_rows(self):
        count = 0
        for name, argv, env, cwd, uid, gid in self.wanted():
            last = {}
            if any(not re.match("[^=]+=", entry) for entry in env):
                continue  # refused before: it is no variable
            for entry in env:
                last[entry.split("=", 1)[0]] = entry.split("=", 1)[1]
            carried = not any(c in text for c in LETTERED for text in [*argv[1:], *env, cwd]) \
                and not any("\n" in key for key in last) and 0xffffffff not in (uid, gid)
            with self.subTest(name):
                count += 1
                if uid > 0x7fffffff or gid > 0x7fffffff:
                    self.assertEqual(self.emit(argv, env, cwd, uid, gid)[0], 1)
                    continue
                if not carried:
                    self.refuse("", argv, env, cwd, uid, gid)
                    continue
                (self.dir / "root" / cwd.lstrip("/")).mkdir(parents=True, exist_ok=True)
                got = self.start(argv, env, cwd, uid, gid)
                if "LD_LIBRARY_PATH" in last:
                    last["LD_LIBRARY_PATH"] = got[1]["LD_LIBRARY_PATH"]
                self.assertEqual(got[0][1:], argv[1:])
                self.assertEqual(got[1], last | {"HOME": last.get("HOME", "/")})
                self.assertEqual(got[3:6], (cwd, uid, gid))
        self.assertGreater(count, 130)

    def test_control_characters(self):
        """The four tables: what the tools and the loader take in a value, in a name."""
        values = ROWS["ctrl-escaped-template"]["observed"]["table"]
        names = ROWS["ctrl-name-template"]["observed"]["table"]
        self.assertEqual(set(values), {f"U+{n:04X}" for n in [*range(1, 0x20), 0x7f, 0x80, 0x9f]})
        for code, verdict in values.items():
            c = chr(int(code[2:], 16))
            with self.subTest(code, verdict=verdict):
                if verdict == "ok":
                    got = self.start(["p", f"a{c}b", c], [f"V=x{c}y"])
                    self.assertEqual(got[0][1:], [f"a{c}b", c])
                    self.assertEqual(got[1]["V"], f"x{c}y")
                else:
                    self.assertIn("argument 1", self.refuse("control", ["p", f"a{c}b"]))
                    self.refuse("\"V\"", ["p"], [f"V=x{c}y"])
        for code, verdict in names.items():
            c = chr(int(code[2:], 16))
            with self.subTest(code, name=verdict):
                if verdict == "ok":
                    self.assertEqual(self.start(["p"], [f"a{c}b=v"])[1][f"a{c}b"], "v")
                else:
                    self.refuse("manifest can carry", ["p"], [f"a{c}b=v"])

    def test_stack(self):
        """Several variables for the one of a row: eight bytes a piece more."""
        count = 0
        for row in ROWS.values():
            match = re.fullmatch(r"stack-(default|64k|1m)-(\d+)", row["id"])
            if not match:
                continue
            total, size = int(match[2]), row["manifest"].get("sys.stack.size", "256K")
            parts = 1 + total // 100000
            left = total - 8 * (parts - 1)
            env = []
            for i in range(parts):
                n = left // (parts - i)
                left -= n
                env.append(f"{chr(65 + i)}=" + "x" * (n - 3))
            env[0] = "HOME" + env[0][1:-3]  # HOME is one of them
            # "p" there, "/bin/probe" here
            env[0] = env[0][:-(len("/bin/probe") - 1)]
            with self.subTest(row["id"]):
                count += 1
                status, out, said = self.emit(["p"], env, more=("--stack-size", size))
                lays_out = "ENOMEM" not in row["observed"].get("error", "")
                self.assertEqual(status, 0 if lays_out else 1, said)
                if lays_out:
                    self.assertEqual(reader.started(out)[6],
                                     str(int(size[:-1]) << (10 if size[-1] in "kK" else 20)))
                # Without a size it is raised as far as the program needs room, too.
                got = self.start(["p"], env)
                room = int(got[6] or 256 << 10)
                self.assertGreaterEqual(room, total + 1 + 8 + 240 + (64 << 10) - 16)
        self.assertGreaterEqual(count, 8)


    def test_serializer(self):
        """argv0 and env0 are what gramine-argv-serializer writes of the same strings."""
        count = 0
        for row in ROWS.values():
            if row.get("tool") != "gramine-argv-serializer" or not row["args"] \
                    or not all(map(is_text, row["args"])):
                continue  # nothing is no argv, and other bytes are in no document
            expected = bytes.fromhex(row["observed"]["stdout_hex"])
            count += 1
            spec = {"process": {"args": row["args"], "cwd": "/",
                                "env": [f"V{i}={text}" for i, text in enumerate(row["args"])]}}
            (self.dir / "config.json").write_text(json.dumps(spec), "utf-8")
            call = (COMMAND, "resolve", "--spec", "config.json", "--output")
            argv, env = (subprocess.run([*call, form], cwd=self.dir, capture_output=True,
                                        check=True).stdout for form in ("argv0", "env0"))
            self.assertEqual(argv, expected)
            parts = expected.split(b"\0")[:-1]
            self.assertEqual(env, b"".join(b"V%d=%s\0" % (i, part)
                                           for i, part in enumerate(parts)))
        self.assertGreater(count, 0)


class Invented(Place):
    def test_nothing_gets_out_of_its_quotes(self):
        """No text is code on the signer's machine, and none is another line of TOML."""
        for text in ("{{ 6*7 }}", "{% x %}", "{# c #}", "{{ env.PATH }}", "{{", '"', '"\n#', "\\",
                     "\\u0041", "'''", '"""', "\n[loader]\nx = 1", "a\r\nb", "# {{ x }}",
                     "{ {", "\u2028", "\ufeff", "\U0001F600", "é", "\t", "$(A)", "%{x}"):
            with self.subTest(text):
                name = "N" + text.replace("\n", " ").replace("=", "-")
                got = self.start(["p", text], [f"V={text}", f"{name}=v"])
                self.assertEqual(got[0][1:], [text])
                self.assertEqual(got[1], {"V": text, name: "v", "HOME": "/"})

    def test_program_and_directory_are_quoted_as_well(self):
        odd = 'a "{{ x }}" \\é'
        shutil.copy("/bin/true", self.dir / "root/bin" / odd)
        (self.dir / "root" / odd).mkdir(exist_ok=True)
        got = self.start(["p"], cwd=f"/{odd}", program=f"/bin/{odd}")
        self.assertEqual(got[2:4], (f"/bin/{odd}", f"/{odd}"))
        bad = "esc\x1b"
        shutil.copy("/bin/true", self.dir / "root/bin" / bad)
        self.refuse("rename the file", ["p"], program=f"/bin/{bad}")
        self.refuse("rename the directory", ["p"], cwd=f"/{bad}")

    def test_random_texts(self):
        seed = random.randrange(1 << 32)
        rand = random.Random(seed)
        alphabet = [c for c in map(chr, range(1, 0x7f)) if c not in LETTERED] + \
            list('{{{{%%##""\\\\\n\r\t') + ["é", "\u2713", "\ufffe", "\U0010ffff"]
        for _ in range(300):
            argv = ["p"] + ["".join(rand.choices(alphabet, k=rand.randrange(12)))
                            for _ in range(6)]
            env = {f"K{i}": "".join(rand.choices(alphabet, k=rand.randrange(12)))
                   for i in range(6)}
            got = self.start(argv, [f"{k}={v}" for k, v in env.items()])
            self.assertEqual(got[0][1:], argv[1:], f"seed {seed}")
            self.assertEqual(got[1], env | {"HOME": "/"}, f"seed {seed}")

    def test_loader_of_a_library_path(self):
        """Gramine looks for it in the variable alone; an empty entry would be another place."""
        for value, expected in (("/opt/lib", "/opt/lib:/lib64"), ("", "/lib64"),
                                ("/lib64:/x", "/lib64:/x"), ("/x:", "/x::/lib64")):
            with self.subTest(value):
                got = self.start(["p"], [f"LD_LIBRARY_PATH={value}"])
                self.assertEqual(got[1]["LD_LIBRARY_PATH"], expected)
        self.assertNotIn("LD_LIBRARY_PATH", self.start(["p"])[1])

    def test_no_value_is_told(self):
        marker = "MARKER-5d1f"
        for env in ([f"V={marker}\x1b"], [f"a\nb={marker}"], [f"A={marker}", "V=\x1b"]):
            self.assertNotIn(marker, self.refuse("", ["p"], env))

    def test_what_is_no_answer(self):
        (self.dir / "image.json").write_text('{"config": {"Cmd": ["/bin/probe"], "User": "web"}}')
        done = subprocess.run([COMMAND, "resolve", "--image", "image.json", "--output",
                               "gramine"], cwd=self.dir, capture_output=True, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        done = subprocess.run([COMMAND, "resolve", "--image", "image.json", "--libos", "occlum",
                               "--output", "gramine"], cwd=self.dir, capture_output=True,
                              check=False)
        self.assertEqual(done.returncode, 2)

    def test_the_digest_is_that_of_the_blob(self):
        _, out, _ = self.emit(["p"])
        blob = subprocess.run([COMMAND, "resolve", "--spec", "config.json", "--rootfs", "root",
                               "--output", "blob"], cwd=self.dir, capture_output=True,
                              check=True).stdout
        said = subprocess.run(["sha384sum"], input=blob, capture_output=True, check=True)
        self.assertEqual(out.split("\n")[0], "# sha384:" + said.stdout.decode().split()[0])

    def test_blobs_can_be_shown_so(self):
        """Without a rootfs at hand: what the blob holds."""
        blob = self.dir / "c.oeb"
        self.emit(["p", "x"], ["A=1"])
        subprocess.run([COMMAND, "resolve", "--spec", "config.json", "--rootfs", "root",
                        "--output", "blob", "-o", blob], cwd=self.dir, check=True)
        done = subprocess.run([COMMAND, "show", blob, "--output", "gramine"],
                              capture_output=True, check=True)
        got = reader.started(done.stdout.decode())
        self.assertEqual((got[0], got[2]), (["/bin/probe", "x"], "/bin/probe"))


class Control(unittest.TestCase):
    """The reader sees what goes wrong, or the tests above would prove nothing."""

    def test_rows_that_do_not_start(self):
        for name in ("toml-u-lower", "toml-lower-hex-env", "toml-x-escape", "toml-slash-escape",
                     "env-raw-ctrl", "env-dup-toml", "env-name-dup-after-unescape",
                     "env-split-sections", "env-bare-percent"):
            with self.subTest(name):
                self.assertIn("error", ROWS[name]["observed"])
                with self.assertRaises(Exception):
                    reader.load(ROWS[name]["manifest_raw"])

    def test_templates_are_code(self):
        for name in ("tmpl-jinja-expr", "tmpl-jinja-comment", "tmpl-escaped-braces",
                     "tmpl-jinja-close-only"):
            seen = ROWS[name]["observed"]
            values = reader.load(reader.render(ROWS[name]["manifest_template"]))["loader"]
            self.assertEqual(values.get("argv", ["/bin/probe"]), seen["argv"])
            self.assertEqual([f"{k}={v}" for k, v in values.get("env", {}).items()],
                             seen["env"])
        for name in ("tmpl-jinja-undefined", "tmpl-jinja-syntax", "tmpl-jinja-open-only"):
            with self.assertRaises(Exception):
                reader.render(ROWS[name]["manifest_template"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
