class _SparkWatch:
    """Where a crash, and a batch that does not end, are told: the file whose text Spark adds to its exception.

    Spark has that file where spark.sql.execution.pyspark.udf.faulthandler.enabled (or spark.python.worker.…) is on. Elsewhere
    what the artifact tells goes to standard error, the executor's log.
    """

    def __init__(self):
        self._file = None
        self._task = None
        self._watched = set()
        self._deadline = None
        self._watchdog = None
        self._computing = None

    def begin(self, task):
        """Before the first batch of a task, in the thread that computes."""
        identity = (task.attempt, task.stage, task.partition)
        if identity != self._task:
            self._task = identity
            self._watched.clear()
            self._open(task)
        native = task.native
        if native in self._watched:
            return
        self._watched.add(native)
        # an artifact of an earlier SDK has no such call
        if hasattr(native, "place"):
            native.place(f"stage {task.stage}, partition {task.partition}: ")
        try:
            self._watch(native)
        except (TypeError, OSError) as error:
            print(f"native-udf: crashes are not told here ({error})", file=_sys.stderr)
            self._watched.discard(native)

    def limit(self, seconds, task):
        """From now on the batch may take so long; `seconds` None when it has ended."""
        self._computing = task
        self._deadline = None if seconds is None else _time.monotonic() + seconds
        if seconds is not None and self._watchdog is None:
            step = min(1.0, seconds / 4)
            self._watchdog = _threading.Thread(target=self._look, args=(step,), name="native-udf limit", daemon=True)
            self._watchdog.start()

    def _open(self, task):
        if self._file is not None:
            self._file.close()
            self._file = None
        folder = _os.environ.get("PYTHON_FAULTHANDLER_DIR")
        path = _os.path.join(folder, str(_os.getpid())) if folder else None
        if path is None or not _os.path.exists(path):
            return
        # Spark's own handle writes at a place of its own, over what others append
        self._file = open(path, "a", encoding="utf-8")
        self._file.truncate(0)
        print(task.line("task"), file=self._file, flush=True)

    def _watch(self, native):
        import faulthandler

        if self._file is None:
            native.watch("/proc/self/fd/2")
            return
        # Where faulthandler is disabled at the end of each task, it must be the last that was installed: it would take
        # away what came later. Where it stays, the artifact's handler is the first to see a fault, and knows its address.
        if not hasattr(native, "watched") and not _spark_keeps_faulthandler():
            faulthandler.disable()
        # aloud: Spark loses the file where its own writing to the worker fails first
        native.watch(self._file.name, True)
        native.watched = True
        faulthandler.enable(file=self._file)

    def _look(self, step):
        while True:
            _time.sleep(step)
            deadline = self._deadline
            if deadline is not None and _time.monotonic() > deadline:
                self._expire(self._computing)

    def _expire(self, task):
        import faulthandler
        import signal

        told = self._file or _sys.__stderr__
        limit = task.time_limit
        if self._file is not None:
            self._file.truncate(0)  # what happened comes first
        print(f"{task.name}() has not returned from a batch of rows within {limit:g} s", file=told)
        print(task.line("timeout", seconds=limit, rowsBefore=task.rows), file=told, flush=True)
        if task.native in self._watched:
            _os.kill(_os.getpid(), signal.SIGUSR2)  # the artifact tells where it is
            _spark_await_end(told)
        faulthandler.dump_traceback(file=told)
        _os._exit(1)


def _spark_await_end(file):
    """Until nothing is added to a file any more: 0.1 s, at most 2 s. A pipe has no size."""
    size = None
    for _ in range(20):
        _time.sleep(0.1)
        before, size = size, _os.fstat(file.fileno()).st_size
        if size == before:
            return


def _spark_keeps_faulthandler():
    try:
        from pyspark import daemon
    except ImportError:
        return False
    return hasattr(daemon, "enable_faulthandler")


_spark_watching = _SparkWatch()
