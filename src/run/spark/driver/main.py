"""The driver of a run on Spark: does what native-udf tells it, and says what happens."""

import os
import sys
import threading
import time
import traceback

from channel import Channel
from job import describe, plan_job, run_script, storage_of, write_job
from preflight import preflight
from session import Session
from storage import Refused
from watching import ConnectWatch, Watch
from yarn import withdraw


_most_seconds_to_take_back = 10
_most_seconds_to_read_logs = 10
_seconds_between_withdrawals = 0.2
_seconds_between_cancels = 0.2


class _Cancelled(Exception):
    """The session has come up, and nobody wants it any more."""


class Driver:
    def __init__(self, channel, request):
        self._channel = channel
        self._request = request
        self._session = None
        self._work = None
        self._may_begin = threading.Event()
        self._cancelled = False
        # nothing ends it from now on
        self._publishing = False
        self._deciding = threading.Lock()
        self._work_ended = threading.Event()
        self._may_end = threading.Event()

    def run(self):
        """Gives the exit status; every failure is told."""
        try:
            handlers = {"begin": self._begin, "cancel": self._cancel, "end": lambda _: self._may_end.set()}
            self._channel.listen(handlers, self._abandon)
            self._session = session = Session(self._request)
            if self._cancelled:
                raise _Cancelled
            self._channel.send("session", refused=session.refused, **session.facts())
            self._channel.send("executors", hosts=preflight(session.spark, session.slots()))
            if self._request["describe"] is not None:
                self._describe(self._request["describe"])
            self._may_begin.wait()
            if self._cancelled:
                raise _Cancelled
            storage = self._do_work()
            if storage is not None:
                # what this reads is not the run's progress
                self._channel.send("stored", rows=_preview(storage))
            self._channel.send("done")
            self._end()
            return 0
        except Refused as refused:
            self._channel.send("refused", why=refused.why, text=str(refused))
            self._end()
            return 1
        except BaseException:  # noqa: BLE001 - whatever it is, the run tells it
            if not self._cancelled:
                self._channel.send("failed", text=traceback.format_exc())
            if self._session is not None:
                self._end()
            return 1

    def _end(self):
        """Stops the session, when what its executors wrote has been read: YARN drops that with it."""
        if not self._cancelled:
            self._may_end.wait(_most_seconds_to_read_logs)
        self._session.stop()

    def _describe(self, address):
        from pyspark.errors import AnalysisException

        try:
            self._channel.send("described", schema=describe(self._session.spark, address))
        except AnalysisException as error:
            if "PATH_NOT_FOUND" not in str(error):
                raise
            raise Refused("input missing", str(error)) from error

    def _do_work(self):
        """Gives the storage that the result is in, if it is in one."""
        session, work = self._session, self._work
        watch = storage = None
        try:
            is_script = work["script"] is not None
            storage = None if is_script else storage_of(session.spark, work)
            # before it is watched: the progress is of the rows, and a look at the input's columns is none
            result = None if is_script else plan_job(session.spark, work, storage)
            watch = (Watch if session.connect is None else ConnectWatch)(session.spark, self._channel)
            if is_script:
                run_script(work["script"], self._request["stubs"])
            else:
                write_job(result, storage, work["output"])
            if storage is not None:
                self._publish(storage)
            return storage
        finally:
            try:
                if storage is not None:
                    storage.discard()
            finally:
                self._work_ended.set()
                if watch is not None:
                    watch.close()

    def _publish(self, storage):
        with self._deciding:
            if self._cancelled:
                raise _Cancelled
            self._publishing = True
        self._channel.send("publishing")
        storage.publish()
        self._channel.send("published")

    def _begin(self, message):
        self._work = message["work"]
        self._may_begin.set()

    def _cancel(self, _message):
        with self._deciding:
            self._cancelled = True
        if self._session is None:
            self._cancel_start()
            return
        try:
            self._end_work()
        finally:
            self._channel.send("cancelled")

    def _end_work(self):
        """Ends what the session computes, and lets the work take back what it has begun to write."""
        if self._work is None:
            self._session.cancel()
            self._may_begin.set()
            return
        until = time.monotonic() + _most_seconds_to_take_back
        while not self._publishing and time.monotonic() < until:
            # again and again: Spark may just have been given the next job
            self._session.cancel()
            if self._work_ended.wait(_seconds_between_cancels):
                return
        if self._publishing:
            self._work_ended.wait()

    def _cancel_start(self):
        """Until the main thread has seen it; what is submitted between two looks is found by the second."""
        while self._session is None:
            try:
                if not withdraw():
                    os._exit(1)
            except Exception:  # noqa: BLE001 - Spark is on its way down, or not quite up
                traceback.print_exc()
            time.sleep(_seconds_between_withdrawals)

    def _abandon(self):
        """Nobody would see the result any more."""
        try:
            if self._session is None:
                withdraw()
                return
            with self._deciding:
                self._cancelled = True
            self._end_work()
            self._session.stop()
        finally:
            os._exit(1)


def _preview(storage):
    """How many rows there are, and the first of them in a file; None where that cannot be told."""
    try:
        return storage.preview()
    except Exception:  # noqa: BLE001 - the result is in its place
        traceback.print_exc()
        return None


def _main():
    channel = Channel()
    request = channel.receive()
    if request is None:
        return 1
    sys.path[:0] = request["stubs"]
    return Driver(channel, request).run()


if __name__ == "__main__":
    sys.exit(_main())
