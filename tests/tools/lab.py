#!/usr/bin/python3 -S
# SPDX-License-Identifier: GPL-2.0
"""The hand that sends and catches frames for a test.

A test (lib.sh) starts one of these in the namespace of its "host", writes one
command a line and reads one answer: `ok N` or `no N` and N lines of text.

An *end* is where frames go in and come out: a guest behind a tap (this process
is the guest), an interface in a namespace, or the host behind its bridge.
Writing to a tap returns when the bridge has dealt with the frame.  That a
frame did *not* arrive is shown by a marker put into the same queue behind it,
and by the counter that moved.
"""

import os
import sys

from copies import FrameCommands
from ends import EndCommands
from events import EventCommands
from flows import FlowCommands
from view import ViewCommands
from vsegnl import Failed, Refused


class Lab(EndCommands, FrameCommands, FlowCommands, ViewCommands,
          EventCommands):
    """What the commands share; each is a method do_NAME of one of these."""

    def __init__(self):
        self.ends, self.number, self.flows, self.reader = {}, 0, {}, None
        self.genl, self.listeners, self.saved = None, {}, {}
        self.count, self.loaded = 0, []


def main():
    lab = Lab()
    for line in sys.stdin:
        words = line.split()
        if not words:
            continue
        try:
            lines = getattr(lab, "do_" + words[0].replace("-", "_"))(
                *words[1:]) or []
            status = "ok"
        except Failed as error:
            status, lines = "no", str(error).splitlines()
        except Refused as error:
            status, lines = "no", [f"{words[0]}: {error}"]
        except Exception as error:  # pylint: disable=broad-except
            status = "no"
            lines = [f"{' '.join(words)}: {type(error).__name__}: {error}"]
            if os.environ.get("LAB_DEBUG"):
                import traceback
                lines += traceback.format_exc().splitlines()
        lines = [part for text in lines for part in (text.splitlines() or [""])]
        print(status, len(lines))
        for text in lines:
            print(text)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
