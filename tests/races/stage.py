# SPDX-License-Identifier: GPL-2.0
"""What all workers share: the time, the seed, and who may write when."""

import collections
import contextlib
import errno
import fcntl
import glob
import json
import mmap
import os
import random
import struct
import time

import edits
import rtnl
import vsegnl

# What a request may be told while its object comes and goes.
RACES = {errno.ENOENT, errno.ENODEV, errno.ESTALE, errno.EBUSY, errno.EEXIST,
         errno.EINVAL, errno.ENXIO, errno.ENETDOWN,
         # What netlink says while a module that dumps is on its way out.
         errno.EPROTONOSUPPORT}

# How often a commit is tried again that others were faster than.
TRIES = 10

# Words that all processes share.  EPOCH: odd while no policy is in force;
# CLOSING: writers wait; OVER: the run is.
EPOCH, CLOSING, OVER = 0, 4, 8

# One end, as the programs in C read it: see ends_read().
End = collections.namedtuple("End",
                             "name type dev mac tag group beacon")


class Wrong(Exception):
    """What must not happen did."""


class Stage:
    """The run that the workers are part of."""

    def __init__(self, path, seed, module):
        self.path, self.seed, self.module = path, seed, module
        self.shared = mmap.mmap(-1, mmap.PAGESIZE)
        self._word(EPOCH, 1)
        self._word(CLOSING, 1)
        self.gate = os.path.join(path, "gate")
        self.locks = {}
        with open(os.path.join(path, "ends"), encoding="ascii") as file:
            self.ends = [End(*line.split()) for line in file]

    def _word(self, at, value=None):
        if value is not None:
            struct.pack_into("=I", self.shared, at, value)
        return struct.unpack_from("=I", self.shared, at)[0]

    @property
    def epoch(self):
        return self._word(EPOCH)

    def over(self):
        return bool(self._word(OVER))

    def end(self):
        self._word(OVER, 1)

    def counts_file(self, number):
        return os.path.join(self.path, f"counts{number}")

    def counts(self):
        """What the workers have done so far."""
        found = collections.Counter()
        for path in glob.glob(self.counts_file("*")):
            with open(path, encoding="ascii") as file:
                found.update(json.load(file))
        # The first word of struct frame_log.
        with open(os.path.join(self.path, "frames"), "rb") as file:
            found["frames"] = struct.unpack("=Q", file.read(8))[0]
        return found

    def _lock(self):
        """A file of this process's own: flock() is shared across fork()."""
        if os.getpid() not in self.locks:
            # pylint: disable=consider-using-with
            self.locks[os.getpid()] = open(self.gate, "w", encoding="ascii")
        return self.locks[os.getpid()]

    @contextlib.contextmanager
    def writing(self):
        """Policies may be changed, and stay in force meanwhile."""
        while self._word(CLOSING) and not self.over():
            time.sleep(0.01)
        fcntl.flock(self._lock(), fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(self._lock(), fcntl.LOCK_UN)

    @contextlib.contextmanager
    def alone(self):
        """Nobody else writes."""
        self._word(CLOSING, 1)
        fcntl.flock(self._lock(), fcntl.LOCK_EX)
        try:
            yield
        finally:
            self._word(CLOSING, 0)
            fcntl.flock(self._lock(), fcntl.LOCK_UN)

    @contextlib.contextmanager
    def closed(self):
        """Nobody else writes, and no policy need be in force."""
        with self.alone():
            self._word(EPOCH, self.epoch | 1)
            yield
            # Not where that failed: nobody knows what is in force then.
            self._word(EPOCH, self.epoch + 1)


class Worker:
    """Does one thing again and again; step() is one round of it."""

    # Longest pause between two rounds, in s.
    pause = 0.02

    def __init__(self, stage, number):
        self.stage, self.number = stage, number
        self.name = f"{type(self).__name__.lower()}{number}"
        self.random = random.Random(f"{stage.seed} {self.name}")
        self.counts = collections.Counter()
        self.rtnl = rtnl.Rtnl()
        self._genl = None

    def genl(self):
        """The request socket; of the family that is there now."""
        if not self._genl:
            self._genl = vsegnl.Genl()
        return self._genl

    def forget_genl(self):
        if self._genl:
            self._genl.close()
        self._genl = None

    def step(self):
        raise NotImplementedError

    def finish(self):
        """After the last round."""

    @contextlib.contextmanager
    def racing(self):
        """What loses a race is counted, all other errors end the run."""
        try:
            yield
        except vsegnl.Refused as refused:
            if refused.errno not in RACES:
                raise
            self.counts["refused"] += 1
            # The family may be another's by now.
            if refused.errno == errno.ENOENT:
                self.forget_genl()
        except OSError as error:
            if error.errno not in RACES:
                raise
            self.counts["refused"] += 1

    def put(self, requests, nowait=False):
        """Commit, unless others keep coming first."""
        for _ in range(TRIES):
            try:
                with self.stage.writing():
                    cookie = edits.begin(self.genl())
                    edits.send(self.genl(), cookie, requests)
                    edits.commit(self.genl(), cookie, nowait)
                self.counts["other_commits"] += 1
                return
            except vsegnl.Refused as refused:
                if refused.errno not in (errno.ESTALE, errno.EBUSY):
                    raise
                self.counts["stale"] += 1
        self.counts["refused"] += 1

    def tell(self):
        """Our counts, for the others."""
        new = os.path.join(self.stage.path, f"new{self.number}")
        with open(new, "w", encoding="ascii") as file:
            json.dump(self.counts, file)
        os.rename(new, self.stage.counts_file(self.number))

    def run(self):
        told = 0
        while not self.stage.over():
            with self.racing():
                self.step()
            if time.monotonic() - told > 0.5:
                self.tell()
                told = time.monotonic()
            time.sleep(self.random.random() * self.pause)
        self.finish()
        self.tell()

    def wait(self, limit, condition, what):
        end = time.monotonic() + limit
        while not condition():
            if time.monotonic() > end:
                raise Wrong(f"not within {limit} s: {what}")
            time.sleep(0.01)
