def _spark_space(scope):
    try:
        import pyspark  # noqa: F401
    except ImportError as cause:
        what = f"{scope['__name__']}.spark needs pyspark, which this Python has not"
        raise ImportError(f'{what}. Install it, for example by pip install "pyspark[connect]".') from cause
    scope["_on_spark"].prepare()
    return scope.setdefault("_spark_made", _SparkSpace(scope))


class _SparkSpace:
    """What `from <module> import spark` gives: the functions of the stub as it is now, also after importlib.reload."""

    def __init__(self, scope):
        self.__dict__["_scope"] = scope

    def __getattr__(self, name):
        return getattr(self._scope["_SparkFunctions"], name)

    def __dir__(self):
        return [name for name in dir(self._scope["_SparkFunctions"]) if not name.startswith("_")]


# What Spark pickles of a function: made of text in a module that nobody can import, so that it travels by value and the
# executors need no module of this name. The stub itself is a file that is sent once.
_spark_entry = '''
def made(call):
    # a task unpickles each use of a function anew, so what is kept here is of one use in one task
    kept = []

    def run(*given):
        if not kept:
            import importlib.util
            import sys
            from pyspark import SparkFiles

            key = "native_udf.stub_" + call["stub"]
            stub = sys.modules.get(key)
            if stub is None:
                spec = importlib.util.spec_from_file_location(key, SparkFiles.get(call["stub"]))
                stub = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(stub)
                sys.modules[key] = stub
            kept.append(stub._spark_work(call))
        return kept[0](given)

    return run
'''


class _OnSpark:
    """The module's functions as columns of Spark, and the files that they need on the executors."""

    def __init__(self, opened, functions, stub, path, origin):
        self._opened = opened
        self._functions = functions
        self._stub = stub
        self._path = path
        self._origin = origin
        self._source = None
        self._options = {}
        self._made = {}
        self._hashed = {}
        self._lock = _threading.RLock()

    def prepare(self):
        """Reads this stub's own text, which executors are sent."""
        if self._source is None:
            source = _spark_source(self._path)
            if not source.startswith(f"# {self._origin}\n".encode()):
                what = "the stub is another one than this process has imported"
                raise ArtifactError(f"{self._path}: {what}. Import it again: importlib.reload({self._stub}).")
            self._source = source
        return self._source

    def options(self, time_limit_seconds=None, show_values=False):
        """How long a batch of rows may take, and whether errors show the values of their row."""
        limit = None if time_limit_seconds is None else float(time_limit_seconds)
        self._options = {"time_limit_seconds": limit, "show_values": bool(show_values)}

    def column(self, name, columns):
        """The column of a function's results. `columns`: of its arguments, by name or as they are; None for a default."""
        from pyspark.sql import functions as F

        index, function = self._function(name)
        given = [_spark_argument(name, argument, each) for argument, each in zip(function["arguments"], columns)]
        # trailing defaults are left to the artifact, but for one: a column tells how many rows there are
        while len(given) > 1 and columns[len(given) - 1] is None:
            given.pop()
        if function["kind"] == "aggregate":
            parts = [each.alias(f"a{position}") for position, each in enumerate(given)]
            # collect_list drops nulls: a struct of nulls is none
            rows = F.collect_list(F.struct(*parts))
            lists = [rows.getField(f"a{position}") for position in range(len(given))]
            shown = ", ".join(str(each).removeprefix("Column<'").removesuffix("'>") for each in given)
            return self._udf(index, self._sent(None))(*lists).alias(f"{name}({shown})")
        return self._udf(index, self._sent(None))(*given)

    def register(self, session=None):
        """Make the functions known to the session's SQL under their names; of an aggregate also <name>_of_lists."""
        session = _spark_session(session)
        files = self._sent(session)
        sparks_own = {row[0].lower() for row in session.sql("SHOW SYSTEM FUNCTIONS").collect()}
        hidden = []
        for index, function in enumerate(self._functions):
            name = function["name"]
            # also by a name that no other module has
            names = [name, f"{self._opened._name}_{name}"]
            udf = self._udf(index, files)
            if function["kind"] == "aggregate":
                for each in names:
                    session.udf.register(f"{each}_of_lists", udf)
                udf = self._grouped(index, files)
            if name.lower() in sparks_own:
                # Spark looks for its own first, so a function of such a name would never be called
                hidden.append(names.pop(0))
            for each in names if udf is not None else ():
                session.udf.register(each, udf)
        if hidden:
            what = f"Spark has functions of its own named {', '.join(hidden)}"
            _warnings.warn(f"{what}: SQL calls those of the module by {self._opened._name}_{hidden[0]} and so on", stacklevel=3)

    def ship(self, session=None):
        """Send the artifact and its configs to the session now; the functions do it by themselves."""
        self._sent(session)

    def _sent(self, session):
        """Sends what the session has not got; gives the names that the files have there."""
        session = _spark_session(session)
        with self._lock:
            files = self._files()
            connect = _spark_is_connect(session)
            keeper = session if connect else session.sparkContext
            sent = keeper.__dict__.setdefault("_native_udf_sent", set())
            wanted = {name: source for name, source in files["sources"].items() if name not in sent}
            if wanted:
                (_spark_send_artifacts if connect else _spark_add_files)(session, wanted)
                sent.update(wanted)
            return files

    def _function(self, name):
        for index, function in enumerate(self._functions):
            if function["name"] == name:
                return index, function
        raise AttributeError(f"the module {self._opened._name} has no function {name} any more")

    def _udf(self, index, files):
        return self._made_once("scalar", index, files, _spark_scalar_udf)

    def _grouped(self, index, files):
        return self._made_once("grouped", index, files, _spark_grouped_udf)

    def _made_once(self, form, index, files, make):
        settings = {**_spark_settings(), **{name: value for name, value in self._options.items() if value}}
        call = {
            "stub": files["stub"],
            "artifact": files["artifact"],
            "configs": files["configs"],
            "function": index,
            **settings,
        }
        key = _json.dumps([form, call])
        if key not in self._made:
            self._made[key] = make(self._functions[index], call)
        return self._made[key]

    def _files(self):
        """All that executors need: their names there, which say the content, and where they lie here."""
        opened = self._opened
        source = self.prepare()
        stub = f"{opened._name}-{_hashlib.sha256(source).hexdigest()[:12]}.stub.py"
        sources = {stub: source}
        configs = {}
        used = {function.get("config") for function in self._functions}
        for name, path in {**opened._configs, **opened._given[1]}.items():
            found = _spark_find(name, [path, *_spark_places(opened, name)])
            if found is None and name not in used:
                continue
            if found is None:
                raise ArtifactError(f"{path}: the config is not there. Put it back, or name its place in load(configs=…).")
            stem, extension = _os.path.splitext(_spark_plain(name))
            configs[name] = f"{stem}-{self._digest(found)[:12]}{extension}"
            sources[configs[name]] = found
        artifact = opened._file
        if configs:
            # a loaded artifact has one state: other configs need another copy of it
            key = _hashlib.sha256(_json.dumps(sorted(configs.items())).encode()).hexdigest()[:12]
            artifact = artifact.replace(".udf.so", f"-{key}.udf.so")
        places = [*([opened._given[0]] if opened._given[0] else []), *_spark_places(opened, opened._file)]
        sources[artifact] = _spark_find(opened._file, places) or _spark_missing(opened, places)
        return {"sources": sources, "stub": stub, "artifact": artifact, "configs": configs}

    def _digest(self, path):
        """The sha256 of a file, which is read again where it may have changed."""
        state = _os.stat(path)
        identity = (state.st_mtime_ns, state.st_size, state.st_ino)
        known = self._hashed.get(path)
        if known is None or known[0] != identity:
            with open(path, "rb") as file:
                known = (identity, _hashlib.sha256(file.read()).hexdigest())
            # what was written just now may be written again within the same tick of the clock
            if _time.time_ns() - state.st_mtime_ns > 2_000_000_000:
                self._hashed[path] = known
        return known[1]


def _spark_source(path):
    with open(path, "rb") as file:
        return file.read()


def _spark_plain(name):
    return "".join(each if each.isalnum() and each.isascii() or each in "._-" else "_" for each in name)


def _spark_places(opened, name):
    """Where a file of the module may lie: where the stub looks, and where Spark puts what a job is submitted with."""
    folders = [*opened._places, _os.getcwd()]
    try:
        from pyspark import SparkContext, SparkFiles

        if SparkContext._active_spark_context is not None:
            folders.append(SparkFiles.getRootDirectory())
    except (ImportError, AssertionError):
        pass  # Spark Connect has no folder of its own here
    return [_os.path.join(folder, name) for folder in folders]


def _spark_find(name, paths):
    return next((path for path in paths if _os.path.isfile(path)), None)


def _spark_missing(opened, places):
    raise opened._refusal(places[0], f"it is not there, nor in {', '.join(_os.path.dirname(each) for each in places[1:])}")


def _spark_settings():
    limit = _os.environ.get("NATIVE_UDF_TIME_LIMIT")
    return {
        "time_limit_seconds": float(limit) if limit else None,
        "show_values": _os.environ.get("NATIVE_UDF_SHOW_VALUES", "") not in ("", "0", "false"),
    }


def _spark_session(session):
    if session is not None:
        return session
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    if session is None:
        raise RuntimeError("there is no active Spark session; make one first (SparkSession.builder.getOrCreate())")
    return session


def _spark_is_connect(session):
    return type(session).__module__.startswith("pyspark.sql.connect")


def _spark_add_files(session, sources):
    context = session.sparkContext
    # executors that start later fetch the files too, so they stay for as long as the context
    folder = _os.path.join(context._temp_dir, "native-udf")
    _os.makedirs(folder, exist_ok=True)
    there = {_os.path.basename(each) for each in context.listFiles}
    for name, source in sources.items():
        if name not in there:
            context.addFile(_spark_copy(folder, name, source))


def _spark_send_artifacts(session, sources):
    import tempfile

    with tempfile.TemporaryDirectory(prefix="native-udf-") as folder:
        session.addArtifacts(*(_spark_copy(folder, name, source) for name, source in sources.items()), file=True)


def _spark_copy(folder, name, source):
    path = _os.path.join(folder, name)
    if isinstance(source, bytes):
        content = source
    else:
        content = _spark_source(source)
    with open(path, "wb") as file:
        file.write(content)
    return path


def _spark_entry_of(function, call):
    scope = {"__name__": "native_udf_on_spark"}
    # the name is what tracebacks show of it
    exec(compile(_spark_entry, "<native-udf>", "exec"), scope)
    run = scope["made"](call)
    run.__name__ = run.__qualname__ = function["name"]
    return run


def _spark_scalar_udf(function, call):
    from pyspark.sql import functions as F

    if hasattr(F, "arrow_udf"):
        # not the iterator form: it is no faster, and Spark gives each such function a Python worker of its own, where
        # all functions of the plain form that a query has side by side share one and the transport to it
        udf = _spark_vectorized("arrow_udf", "SCALAR", function, call)
    else:
        udf = _spark_vectorized("pandas_udf", "SCALAR_ITER", function, {**call, "pandas": True})
    return udf if function.get("deterministic", True) else udf.asNondeterministic()


def _spark_grouped_udf(function, call):
    """Takes the columns of a group as Arrow; None where Spark has no such functions."""
    from pyspark.sql import functions as F

    if not hasattr(F, "arrow_udf"):
        return None
    return _spark_vectorized("arrow_udf", "GROUPED_AGG", function, {**call, "grouped": True})


def _spark_vectorized(kind, form, function, call):
    from pyspark.sql import functions as F

    forms = F.ArrowUDFType if kind == "arrow_udf" else F.PandasUDFType
    with _warnings.catch_warnings():
        _warnings.simplefilter("ignore")  # type hints are preferred; they would do no more than name the form
        run = _spark_entry_of(function, call)
        return getattr(F, kind)(run, _spark_type(function["result"]["type"]), getattr(forms, form))


def _spark_type(kind):
    """Spark's type of a value. Spark has no unsigned integers: they are in the next larger type that it has."""
    from pyspark.sql import types as T

    if isinstance(kind, str):
        return {
            "bool": T.BooleanType,
            "int8": T.ByteType,
            "int16": T.ShortType,
            "int32": T.IntegerType,
            "int64": T.LongType,
            "uint8": T.ShortType,
            "uint16": T.IntegerType,
            "uint32": T.LongType,
            "uint64": lambda: T.DecimalType(20, 0),
            "float": T.FloatType,
            "double": T.DoubleType,
            "string": T.StringType,
            "bytes": T.BinaryType,
            "date": T.DateType,
            "timestamp": T.TimestampType,
            "local_timestamp": T.TimestampNTZType,
        }[kind]()
    if "decimal" in kind:
        return T.DecimalType(kind["decimal"]["precision"], kind["decimal"]["scale"])
    if "list" in kind:
        return T.ArrayType(_spark_type(kind["list"]["type"]))
    return T.StructType([T.StructField(each["name"], _spark_type(each["type"])) for each in kind["fields"]])


def _spark_argument(function, argument, given):
    """The column of an argument; of its default where it is left out."""
    from pyspark.sql import functions as F

    if isinstance(given, str):
        return F.col(given)
    if given is not None:
        return given
    if "default" not in argument:
        raise TypeError(f"{function}() needs a column for {argument['name']}; for a null give lit(None)")
    return F.lit(argument["default"]).cast(_spark_type(argument["type"]))
