def _spark_work(call):
    """What runs in a worker of Spark for one use of a function: a batch of arguments, or a group, to its result."""
    worker = _spark_workers.get(call["artifact"])
    if worker is None:
        worker = _spark_workers[call["artifact"]] = _SparkWorker(call)
    task = _SparkTask(worker, call)
    if call.get("grouped"):
        return task.group
    if call.get("pandas"):
        return lambda given: _spark_without_pandas(task.batch, given[0], task.gives_struct)
    return task.batch


# by the artifact's name on the executors, which tells its content and its configs
_spark_workers = {}


class _SparkWorker:
    """The artifact in this process, loaded and configured once."""

    def __init__(self, call):
        from pyspark import SparkFiles

        variant = call["artifact"].removeprefix(f"{_opened._name}-{_opened._sha256[:12]}").removesuffix(".udf.so")
        module = _Module(
            name=_opened._name,
            file=_opened._file,
            sha256=_opened._sha256,
            interface_hash=_opened._interface_hash,
            platform=_opened._platform,
            places=[],
            configs={},
            variant=variant,
        )
        configs = {name: SparkFiles.get(file) for name, file in call["configs"].items()}
        self.native = module.load(SparkFiles.get(call["artifact"]), configs)
        self.native.prepare()


class _SparkTask:
    """One function in one task."""

    def __init__(self, worker, call):
        from pyspark import TaskContext

        self.native = worker.native
        self._index = call["function"]
        self._function = _spark_functions[self._index]
        self.name = self._function["name"]
        self._show_values = call["show_values"]
        self.time_limit = call["time_limit_seconds"]
        context = TaskContext.get()
        self.partition = context.partitionId() if context else None
        self.stage = context.stageId() if context else None
        self.attempt = context.taskAttemptId() if context else None
        self.rows = 0
        result = self._function["result"]["type"]
        self.gives_struct = isinstance(result, dict) and "struct" in result
        self._arguments = self._function["arguments"]
        if self._function["kind"] == "aggregate":
            self._arguments = [
                {**each, "type": {"list": {"type": each["type"], "nullable": True}}} for each in self._arguments
            ]

    def batch(self, arrays):
        """The results of a batch of rows."""
        result = self._compute(arrays)
        self.rows += len(arrays[0])
        return result

    def group(self, arrays):
        """The result of one group."""
        import pyarrow as pa

        lists = [pa.ListArray.from_arrays(pa.array([0, len(each)], pa.int32()), each) for each in arrays]
        return self._compute(lists)[0]

    def _compute(self, arrays):
        fitted = [self._fit(arrays, position) for position in range(len(arrays))]
        _spark_watching.begin(self)
        # of this use: the same function may have others in this process
        if hasattr(self.native, "rows_before"):
            self.native.rows_before(self._index, self.rows)
        if self.time_limit:
            _spark_watching.limit(self.time_limit, self)
        try:
            result = _column(self.native.columns(self._index, *fitted))
        except self.native.RowError as error:
            raise self._row_error(error.row, str(error), error.frames, arrays) from None
        finally:
            if self.time_limit:
                _spark_watching.limit(None, None)
        return _spark_given(result, self._function["result"]["type"])

    def _fit(self, arrays, position):
        argument = self._arguments[position]
        try:
            return _spark_fit(arrays[position], argument["type"])
        except _SparkMisfit as misfit:
            name = f"{self.name}(): the argument {argument['name']}"
            if misfit.row is None:
                raise TypeError(f"{name} {misfit}") from None
            raise self._row_error(misfit.row, f"{name} {misfit}", (), arrays) from None

    def _row_error(self, row, message, frames, arrays):
        text = message if message.startswith(f"{self.name}(") else f"{self.name}(): {message}"
        whole = None
        if row is not None and self._function["kind"] != "aggregate":
            whole = self.rows + row
            text += f"\nrow {whole} of the partition {self.partition}, stage {self.stage} (rows are counted from 0)"
            if self._show_values:
                values = (f"{each['name']}={array[row].as_py()!r}" for each, array in zip(self._arguments, arrays))
                text += f"\ncalled with {', '.join(values)}"
        else:
            text += f"\nin the partition {self.partition}, stage {self.stage}"
        return _spark_row_error()(f"{text}\n{self.line('row-error', row=whole, frames=list(frames))}")

    def line(self, kind, **fields):
        """The line for programs at the end of a failure's text."""
        return "native-udf: " + _json.dumps(
            {
                "kind": kind,
                "module": _opened._name,
                "artifact": _opened._file,
                "function": self.name,
                "partition": self.partition,
                "stage": self.stage,
                **fields,
            },
            separators=(",", ":"),
        )


def _spark_row_error():
    """The type of a row error, named as the stub names it."""
    return type("RowError", (Exception,), {"__module__": _opened._name})

