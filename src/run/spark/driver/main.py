"""The driver of a run on Spark: does what native-udf tells it, and says what happens."""

import os
import sys
import threading
import traceback

from channel import Channel
from job import describe, plan_job, run_script, storage_of, write_job
from preflight import preflight
from session import Session
from storage import Refused
from watching import ConnectWatch, Watch


_most_seconds_to_take_back = 10


class Driver:
    def __init__(self, channel, request):
        self._channel = channel
        self._request = request
        self._session = None
        self._work = None
        self._may_begin = threading.Event()
        self._cancelled = False
        self._work_ended = threading.Event()

    def run(self):
        """Gives the exit status; every failure is told."""
        try:
            self._session = session = Session(self._request)
            self._channel.listen({"begin": self._begin, "cancel": self._cancel}, self._abandon)
            self._channel.send("session", refused=session.refused, **session.facts())
            self._channel.send("executors", hosts=preflight(session.spark, session.slots()))
            if self._request["describe"] is not None:
                self._describe(self._request["describe"])
            self._may_begin.wait()
            storage = self._do_work()
            if storage is not None:
                # what this reads is not the run's progress
                self._channel.send("stored", rows=storage.preview())
            self._channel.send("done")
            session.stop()
            return 0
        except Refused as refused:
            self._channel.send("refused", why=refused.why, text=str(refused))
            session.stop()
            return 1
        except BaseException:  # noqa: BLE001 - whatever it is, the run tells it
            if not self._cancelled:
                self._channel.send("failed", text=traceback.format_exc())
            if self._session is not None:
                self._session.stop()
            return 1

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
        watch = None
        try:
            is_script = work["script"] is not None
            storage = None if is_script else storage_of(session.spark, work)
            # before it is watched: the progress is of the rows, and a look at the input's columns is none
            result = None if is_script else plan_job(session.spark, work)
            watch = (Watch if session.connect is None else ConnectWatch)(session.spark, self._channel)
            if is_script:
                run_script(work["script"], self._request["stubs"])
            else:
                write_job(result, storage, work["output"])
            return storage
        finally:
            self._work_ended.set()
            if watch is not None:
                watch.close()

    def _begin(self, message):
        self._work = message["work"]
        self._may_begin.set()

    def _cancel(self, _message):
        self._cancelled = True
        self._session.cancel()
        if self._work is not None:
            # it may have something to take back
            self._work_ended.wait(_most_seconds_to_take_back)
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
