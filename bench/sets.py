# SPDX-License-Identifier: Apache-2.0
"""sets.py DIR STAMP: the documents that the benches read, DIR/SET/{image.json,config.json,pod.yaml}.

They look as an image's config, a Deployment's Pod and containerd's config.json do, and hold the
same variables: what containerd makes of image and pod is what config.json says. The sizes are
those of real ones, from a small service (18 variables) to one of a thousand Services' worth.
"""
import json
import pathlib
import sys

# name: variables of the image, of the pod; entries of the history; with seccomp.
SETS = {
    "small": (8, 10, 22, True),
    "service": (12, 54, 18, True),
    "database": (16, 75, 50, True),
    "many-variables": (16, 160, 18, True),
    "large": (200, 1100, 40, True),
    "huge": (1700, 10000, 250, True),
}

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# A part of the default profile: enough names for its usual size.
SYSCALLS = """accept accept4 access adjtimex alarm bind brk capget capset chdir chmod chown
chown32 clock_adjtime clock_getres clock_gettime clock_nanosleep close close_range connect
copy_file_range creat dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait
eventfd eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate
fanotify_mark fchdir fchmod fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock
fork fremovexattr fsetxattr fstat fstatfs fsync ftruncate futex futimesat get_robust_list
get_thread_area getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer
getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit
getrusage getsid getsockname getsockopt gettid gettimeofday getuid getxattr inotify_add_watch
inotify_init inotify_init1 inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents
io_setup io_submit ioctl ioprio_get ioprio_set ipc kill landlock_add_rule
landlock_create_ruleset landlock_restrict_self lchown lgetxattr link linkat listen listxattr
llistxattr lremovexattr lseek lsetxattr lstat madvise membarrier memfd_create memfd_secret mincore
mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mq_getsetattr mq_notify mq_open
mq_timedreceive mq_timedsend mq_unlink mremap msgctl msgget msgrcv msgsnd msync munlock munlockall
munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe pipe2
poll ppoll prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pwrite64 pwritev
pwritev2 read readahead readlink readlinkat readv recv recvfrom recvmmsg recvmsg remap_file_pages
removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending
rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam
sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam
sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop send sendfile sendmmsg
sendmsg sendto set_robust_list set_thread_area set_tid_address setfsgid setfsuid setgid setgroups
setitimer setpgid setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt
setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4 socket
socketpair splice stat statfs statx symlink symlinkat sync sync_file_range syncfs sysinfo tee
tgkill time timer_create timer_delete timer_getoverrun timer_gettime timer_settime timerfd_create
timerfd_gettime timerfd_settime times tkill truncate ugetrlimit umask uname unlink unlinkat utime
utimensat utimes vfork vmsplice wait4 waitid waitpid write writev""".split()

CAPABILITIES = ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
                "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP",
                "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"]


def image_env(count):
    return ["PATH=" + PATH] + [f"APP_SETTING_{i:05}=value-{i}" for i in range(count - 1)]


def pod_env(count):
    """Some override the image's, some refer to one before them."""
    for i in range(count):
        if i % 10 == 3:
            yield f"APP_SETTING_{i // 2:05}", f"from-the-pod-{i}"
        elif i % 10 == 7:
            yield f"BACKEND_{i:05}_URL", f"http://$(BACKEND_{i - 1:05}):8080/x"
        else:
            yield f"BACKEND_{i:05}", f"10.96.{i // 250 % 250}.{i % 250}"


def expanded(env):
    seen = {}
    for name, value in env:
        for other in ([value[value.index("$(") + 2:value.index(")")]] if "$(" in value else []):
            value = value.replace(f"$({other})", seen.get(other, f"$({other})"))
        seen[name] = value
        yield name, value


def image(variables, history):
    return {
        "created": "2026-11-01T10:00:00.123456789Z", "architecture": "amd64", "os": "linux",
        "config": {"User": "999", "ExposedPorts": {"6379/tcp": {}}, "Env": image_env(variables),
                   "Entrypoint": ["dash"], "Cmd": ["--port", "6379"], "WorkingDir": "/data",
                   "Labels": {f"org.example.label-{i}": f"label number {i}" for i in range(10)}},
        "rootfs": {"type": "layers",
                   "diff_ids": ["sha256:" + f"{i:064x}" for i in range(history // 2)]},
        "history": [{"created": "2026-11-01T10:00:00Z",
                     "created_by": "RUN /bin/sh -c set -eux; apt-get update; apt-get install -y "
                                   f"--no-install-recommends package-{i}; rm -rf /var/lib/apt "
                                   "# buildkit",
                     "comment": "buildkit.dockerfile.v0", "empty_layer": bool(i % 2)}
                    for i in range(history)],
    }


def mounts():
    for place, kind in (("/proc", "proc"), ("/dev", "tmpfs"), ("/dev/pts", "devpts"),
                        ("/dev/mqueue", "mqueue"), ("/sys", "sysfs"), ("/sys/fs/cgroup", "cgroup"),
                        ("/etc/hosts", "bind"), ("/etc/resolv.conf", "bind"),
                        ("/var/run/secrets/kubernetes.io/serviceaccount", "bind")):
        yield {"destination": place, "type": kind, "source": kind,
               "options": ["nosuid", "noexec", "nodev", "rw"]}


def spec(variables, env, with_seccomp):
    """As containerd's CRI plugin appends: duplicates and all."""
    ret = {
        "ociVersion": "1.1.0",
        "process": {
            "user": {"uid": 999, "gid": 999, "additionalGids": [999, 2000]},
            "args": ["dash", "--port", "6379", "--from", "pod"],
            "env": image_env(variables)[:1] + ["HOSTNAME=pod"] + image_env(variables)[1:] +
                   [f"{name}={value}" for name, value in expanded(env)],
            "cwd": "/data",
            "capabilities": {name: CAPABILITIES for name in
                             ("bounding", "effective", "permitted")},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 1024, "soft": 1024}],
            "oomScoreAdj": 1000,
        },
        "root": {"path": "rootfs"},
        "mounts": list(mounts()),
        "annotations": {"io.kubernetes.cri.container-name": "app",
                        "io.kubernetes.cri.sandbox-name": "app-0"},
        "linux": {
            "resources": {"devices": [{"allow": False, "access": "rwm"}],
                          "memory": {"limit": 536870912}, "cpu": {"shares": 512}},
            "cgroupsPath": "/kubepods/burstable/pod0/app",
            "namespaces": [{"type": name} for name in ("pid", "ipc", "uts", "mount", "network")],
            "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"],
            "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys"],
        },
    }
    if with_seccomp:
        ret["linux"]["seccomp"] = {
            "defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
            "syscalls": [{"names": SYSCALLS, "action": "SCMP_ACT_ALLOW"}],
        }
    return ret


def pod(env):
    lines = ["apiVersion: v1", "kind: Pod", "metadata:", "  name: app-0", "  namespace: shop",
             "  labels:", "    app.kubernetes.io/name: app", "    app.kubernetes.io/part-of: shop",
             "spec:", "  hostname: pod", "  enableServiceLinks: false", "  securityContext:",
             "    runAsUser: 999", "    runAsGroup: 999", "    supplementalGroups: [2000]",
             "  containers:", "  - name: app", "    image: registry.example/shop/app:1.2.3",
             "    args: [\"--port\", \"6379\", \"--from\", \"pod\"]", "    ports:",
             "    - containerPort: 6379", "      name: redis", "    readinessProbe:",
             "      tcpSocket:", "        port: redis", "      periodSeconds: 10",
             "    resources:", "      requests:", "        cpu: 500m", "        memory: 256Mi",
             "      limits:", "        memory: 512Mi", "    volumeMounts:", "    - name: data",
             "      mountPath: /data", "    env:"]
    for name, value in env:
        lines += [f"    - name: {name}", f"      value: {value}"]
    lines += ["  volumes:", "  - name: data", "    emptyDir: {}"]
    return "\n".join(lines) + "\n"


def main():
    root, stamp = map(pathlib.Path, sys.argv[1:])
    for name, (of_image, of_pod, history, with_seccomp) in SETS.items():
        env = list(pod_env(of_pod))
        folder = root / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in (
                ("image.json", json.dumps(image(of_image, history), separators=(",", ":"))),
                ("config.json", json.dumps(spec(of_image, env, with_seccomp),
                                           separators=(",", ":"))),
                ("pod.yaml", pod(env))):
            (folder / file).write_text(text, encoding="utf-8")
    stamp.write_text("", encoding="utf-8")


if __name__ == "__main__":
    main()
