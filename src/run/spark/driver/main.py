"""The driver of a run on Spark: does what native-udf tells it, and says what happens."""

import os
import sys
import threading
import traceback

from channel import Channel
from job import run_job, run_script
from preflight import preflight
from session import Session
from watching import ConnectWatch, Watch


class Driver:
    def __init__(self, channel, request):
        self._channel = channel
        self._request = request
        self._session = None
        self._may_begin = threading.Event()
        self._cancelled = False

    def run(self):
        """Gives the exit status; every failure is told."""
        watch = None
        try:
            self._session = session = Session(self._request)
            self._channel.listen({"begin": self._may_begin.set, "cancel": self._cancel}, self._abandon)
            self._channel.send("session", refused=session.refused, **session.facts())
            self._channel.send("executors", hosts=preflight(session.spark, session.slots()))
            self._may_begin.wait()
            watch = (Watch if session.connect is None else ConnectWatch)(session.spark, self._channel)
            if self._request["script"]:
                run_script(self._request)
            else:
                run_job(session.spark, self._request)
            watch.close()
            self._channel.send("done")
            session.stop()
            return 0
        except BaseException:  # noqa: BLE001 - whatever it is, the run tells it
            if watch is not None:
                watch.close()
            if not self._cancelled:
                self._channel.send("failed", text=traceback.format_exc())
            if self._session is not None:
                self._session.stop()
            return 1

    def _cancel(self):
        self._cancelled = True
        self._session.cancel()
        self._channel.send("cancelled")

    def _abandon(self):
        """Nobody would see the result any more."""
        try:
            self._session.cancel()
            self._session.stop()
        finally:
            os._exit(1)


def _main():
    channel = Channel()
    request = channel.receive()
    if request is None:
        return 1
    sys.path[:0] = request["stubs"]
    return Driver(channel, request).run()


if __name__ == "__main__":
    sys.exit(_main())
