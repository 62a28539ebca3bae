# SPDX-License-Identifier: Apache-2.0
"""-o: the old file or the new one, whole, and never anything else."""
import os
import stat

from harness import Case

CALL = ("resolve", "--spec", "spec.json", "--output", "json", "-o")


class Write(Case):
    """What -o replaces, writes through, and leaves alone."""

    def setUp(self):
        super().setUp()
        self.answer = self.ok(*CALL[:-1])

    def names(self):
        """What is in the folder: a temporary file must not stay."""
        return sorted(os.listdir(self.dir))

    def test_new_file(self):
        before = self.names()
        self.assertEqual(self.ok(*CALL, "out"), b"")
        self.assertEqual((self.dir / "out").read_bytes(), self.answer)
        self.assertEqual(self.names(), sorted(before + ["out"]))
        mask = os.umask(0)
        os.umask(mask)
        self.assertEqual(stat.S_IMODE(os.stat(self.dir / "out").st_mode), 0o666 & ~mask)

    def test_replaced_in_one_step(self):
        """Whoever has the old file open goes on reading it."""
        self.write("out", "old")
        with open(self.dir / "out", "rb") as old:
            self.ok(*CALL, "out")
            self.assertEqual(old.read(), b"old")
        self.assertEqual((self.dir / "out").read_bytes(), self.answer)

    def test_mode_stays(self):
        """What was closed to others is not opened by an answer with secrets in it."""
        self.write("out", "old", 0o600)
        self.ok(*CALL, "out")
        self.assertEqual(stat.S_IMODE(os.stat(self.dir / "out").st_mode), 0o600)

    def test_link_stays(self):
        self.write("target", "old")
        os.symlink("target", self.dir / "out")
        self.ok(*CALL, "out")
        self.assertTrue(os.path.islink(self.dir / "out"))
        self.assertEqual((self.dir / "target").read_bytes(), self.answer)
        os.symlink("absent/x", self.dir / "dangling")
        self.assertEqual(self.refused(3, *CALL, "dangling"),
                         "dangling: cannot write: No such file or directory [system]\n")

    def test_untouched_on_failure(self):
        self.write("out", "old")
        self.write("bad.json", "[")
        before = self.names()
        self.refused(1, "resolve", "--image", "bad.json", "-o", "out")
        self.refused(1, "layer", "--image", "bad.json", "-o", "out")
        self.refused(1, "show", "bad.json", "-o", "out")
        self.refused(2, "resolve", "--image", "spec.json", "--no-such", "-o", "out")
        self.refused(3, "resolve", "--image", "absent", "-o", "out")
        self.assertEqual((self.dir / "out").read_bytes(), b"old")
        self.assertEqual(self.names(), before)

    def test_directory(self):
        self.assertEqual(self.refused(3, *CALL, "root"),
                         "root: cannot write: Is a directory [system]\n")
        self.assertEqual(sorted(os.listdir(self.dir / "root")), ["bin", "data", "etc"])
        self.assertEqual(self.refused(3, *CALL, "absent/out"),
                         "absent/out: cannot write: No such file or directory [system]\n")
        self.assertEqual(self.refused(3, *CALL, "spec.json/out"),
                         "spec.json/out: cannot write: Not a directory [system]\n")
        self.assertEqual(self.refused(3, *CALL, ""),
                         "ocienv: cannot write: No such file or directory [system]\n")

    def test_folder_that_cannot_be_written(self):
        """Nor is the file in it then; root may write everywhere, but not in /proc."""
        folder, name = self.dir / "closed", "closed/out"
        folder.mkdir()
        self.write(name, "old")
        folder.chmod(0o555)
        self.addCleanup(folder.chmod, 0o755)
        if os.geteuid() == 0:
            self.assertIn("cannot write", self.refused(3, *CALL, "/proc/self/out"))
            return
        self.assertEqual(self.refused(3, *CALL, name),
                         f"{name}: cannot write: Permission denied [system]\n")
        self.assertEqual((folder / "out").read_bytes(), b"old")
        self.assertEqual(os.listdir(folder), ["out"])

    def test_devices_and_pipes_stay(self):
        """Root that writes to /dev/null must not make a file of it."""
        node = os.stat("/dev/null")
        self.ok(*CALL, "/dev/null")
        self.assertEqual(os.stat("/dev/null").st_ino, node.st_ino)
        self.assertEqual(self.ok(*CALL, "/dev/stdout"), self.answer)
        self.assertEqual(self.refused(3, *CALL, "/dev/full"),
                         "/dev/full: cannot write: No space left on device [system]\n")
        os.mkfifo(self.dir / "fifo")
        reader = os.open(self.dir / "fifo", os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.ok(*CALL, "fifo")
        self.assertEqual(os.read(reader, 1 << 16), self.answer)
        self.assertTrue(stat.S_ISFIFO(os.stat(self.dir / "fifo").st_mode))

    def test_full_standard_output(self):
        """Whoever did not get the whole answer is told so, whatever it was."""
        self.ok("resolve", "--spec", "spec.json", "--output", "blob", "-o", "b")
        for args in (CALL[:-1], ("resolve", "--spec", "spec.json"), ("show", "b"),
                     ("resolve", "--spec", "spec.json", "--output", "occlum"),
                     ("resolve", "--help"), ("--help",), ("--version",)):
            with self.subTest(args), open("/dev/full", "wb") as full:
                done = self.run_raw(*args, stdout=full)
                self.assertEqual(done.returncode, 3)
                said = done.stderr.decode().splitlines()[-1]
                self.assertEqual(said,
                                 "<stdout>: cannot write: No space left on device [system]")
