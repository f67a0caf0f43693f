"""Confines the process that opens uploaded files, before it reads the first byte of one.

It uses two mechanisms of the Linux kernel, called through ctypes because Python has no module for them:

- Landlock (https://docs.kernel.org/userspace-api/landlock.html) restricts the file system: the process can then open
  only files that it creates in one folder, and can list no directory.
- seccomp (https://docs.kernel.org/userspace-api/seccomp_filter.html) restricts system calls to those listed here.
  Sockets, new programs, new processes and signals to other processes are not among them.

Neither can be undone, and neither needs privileges. The process can still ask whether a path exists (`stat`), and use
memory and processor time within its resource limits. A kernel or a container may lack either mechanism; `missing` says
which, and a system check reports it.
"""

import ctypes
import errno
import os
import struct
from pathlib import Path

_PR_GET_SECCOMP, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 21, 22, 38  # linux/prctl.h
_SECCOMP_MODE_FILTER, _RET_ERRNO, _RET_ALLOW = 2, 0x00050000, 0x7FFF0000  # linux/seccomp.h
_LOAD_WORD, _JUMP_IF_EQUAL, _JUMP_IF_SET, _RETURN = 0x20, 0x15, 0x45, 0x06  # linux/bpf_common.h
_CLONE_THREAD = 0x00010000  # linux/sched.h

# linux/landlock.h. These three calls have the same numbers on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_ADD_RULE, _LANDLOCK_RESTRICT_SELF = 444, 445, 446
_LANDLOCK_VERSION = 1  # with this flag the first call returns the kernel's version of Landlock
_RULE_PATH_BENEATH = 1
_WRITE_FILE, _READ_FILE, _MAKE_REGULAR_FILE, _TRUNCATE = 1 << 1, 1 << 2, 1 << 8, 1 << 14
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # version → how many rights on files it knows; 16 from version 5 on

# System calls that decoding a photo, starting a thread and writing files need, as numbers on x86-64 and on 64-bit ARM
# (asm/unistd_64.h, asm-generic/unistd.h). All others fail with ENOSYS.
_ALLOWED: dict[str, tuple[int | None, int | None]] = {
    "brk": (12, 214),
    "clock_gettime": (228, 113),
    "close": (3, 57),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "fstat": (5, 80),
    "futex": (202, 98),
    "getpid": (39, 172),
    "getrandom": (318, 278),
    "gettid": (186, 178),
    "lseek": (8, 62),
    "madvise": (28, 233),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "mremap": (25, 216),
    "munmap": (11, 215),
    "newfstatat": (262, 79),
    "open": (2, None),
    "openat": (257, 56),
    "pread64": (17, 67),
    "read": (0, 63),
    "readv": (19, 65),
    "restart_syscall": (219, 128),
    "rseq": (334, 293),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sched_getaffinity": (204, 123),
    "sched_yield": (24, 124),
    "set_robust_list": (273, 99),
    "sigaltstack": (131, 132),
    "write": (1, 64),
    "writev": (20, 66),
}
# clone is allowed only for threads. clone3 keeps its flags in memory, where a filter cannot see them, so it is refused.
_CLONE = (56, 220)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH of linux/audit.h

_libc = ctypes.CDLL(None, use_errno=True)


class ConfinementError(OSError):
    """The kernel offers a mechanism, but failed to apply it."""


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def missing() -> list[str]:
    """The names of the mechanisms that this machine does not offer; empty if both are available."""
    without = []
    if not _landlock_version():
        without.append("Landlock")
    if os.uname().machine not in _ARCHITECTURES or _libc.prctl(_PR_GET_SECCOMP, 0, 0, 0, 0) < 0:
        without.append("seccomp")
    return without


def confine(folder: Path) -> None:
    """Confine this process for the rest of its life; it can then only create files in `folder`.

    Call it with a single thread, after the last import, because no module can be loaded afterwards. `missing`
    mechanisms are skipped. Raises ConfinementError if an available one cannot be applied.
    """
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise ConfinementError("other threads would stay as they are")
    without = missing()
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if "Landlock" not in without:
        _close_files(folder)
    if "seccomp" not in without:
        _close_system_calls()


def _landlock_version() -> int:
    """The kernel's version of Landlock; 0 if there is none, or if a container forbids the call."""
    return max(0, int(_libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)))


def _close_files(folder: Path) -> None:
    version = _landlock_version()
    every_right = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    ruleset = _Ruleset(every_right, 0b11 if version >= 4 else 0, 0b11 if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = _call("syscall", _LANDLOCK_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), 0)
    opened = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    rights = (_WRITE_FILE | _READ_FILE | _MAKE_REGULAR_FILE | _TRUNCATE) & every_right
    beneath = _PathBeneath(rights, opened)
    _call("syscall", _LANDLOCK_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.byref(beneath), 0)
    _call("syscall", _LANDLOCK_RESTRICT_SELF, rules, 0)
    os.close(opened)
    os.close(rules)


def _close_system_calls() -> None:
    program = _filter(*_ARCHITECTURES[os.uname().machine])
    filter_program = _Program(len(program) // 8, program)
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0)


def _filter(column: int, architecture: int) -> bytes:
    """The BPF program that the kernel runs for each system call; an instruction is an opcode, two jumps and a value.

    A call that is not allowed returns ENOSYS ("no such call"), so that the C library uses an alternative if it has one.
    The architecture is compared first, because the numbers of calls differ between architectures.
    """
    allowed = [number for numbers in _ALLOWED.values() if (number := numbers[column]) is not None]
    last = 6 + len(allowed)  # index of the instruction that refuses; the one after it allows
    lines = [
        (_LOAD_WORD, 0, 0, 4),  # seccomp_data.arch
        (_JUMP_IF_EQUAL, 0, last - 2, architecture),
        (_LOAD_WORD, 0, 0, 0),  # seccomp_data.nr
        (_JUMP_IF_EQUAL, 0, 2, _CLONE[column]),
        (_LOAD_WORD, 0, 0, 16),  # the lower half of its first argument, the flags
        (_JUMP_IF_SET, last - 5, last - 6, _CLONE_THREAD),
    ]
    lines += [(_JUMP_IF_EQUAL, last - 6 - at, 0, number) for at, number in enumerate(allowed)]
    lines += [(_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS), (_RETURN, 0, 0, _RET_ALLOW)]
    return b"".join(struct.pack("HBBI", *line) for line in lines)


def _call(function: str, *arguments: object) -> int:
    answer = int(getattr(_libc, function)(*arguments))
    if answer < 0:
        code = ctypes.get_errno()
        raise ConfinementError(code, os.strerror(code))
    return answer
