"""Tells how far Spark is while the driver's main thread waits for it."""

import sys
import threading

_interval_seconds = 0.25
_most_tasks = 2000


class Watch:
    """Looks at the session's stages, tasks and executors in a thread of its own until it is closed."""

    def __init__(self, session, channel):
        self._channel = channel
        self._ended = threading.Event()
        self._context = session.sparkContext
        self._store = self._context._jsc.sc().statusStore()
        self._tracker = self._context.statusTracker()
        self._stages = {}
        self._tasks = {}
        self._executors = {}
        self._told = False
        self._thread = threading.Thread(target=self._follow, name="native-udf watch", daemon=True)
        self._thread.start()

    def close(self):
        self._ended.set()
        self._thread.join()
        self._look_safely()

    def _follow(self):
        while not self._ended.wait(_interval_seconds):
            self._look_safely()

    def _look_safely(self):
        try:
            self._look()
        except Exception as error:  # noqa: BLE001 - a stage that Spark has just forgotten is no reason to fail
            if self._context._jsc is None:
                self._ended.set()  # a script has stopped its session
            elif not self._told:
                self._told = True
                print(f"native-udf: the progress is not known for a moment ({error})", file=sys.stderr)

    def _look(self):
        self._look_at_executors()
        for stage in self._tracker.getActiveStageIds():
            self._stages.setdefault(stage, None)
        for stage, last in list(self._stages.items()):
            info = self._tracker.getStageInfo(stage)
            if info is None or last == "ended":
                continue
            now = (info.numTasks, info.numCompletedTasks, info.numFailedTasks, info.numActiveTasks)
            if now == last:
                continue
            data = self._store.lastStageAttempt(stage)
            self._channel.send(
                "stage",
                stage=stage,
                tasks=now[0],
                done=now[1],
                rows=data.inputRecords(),
            )
            self._look_at_tasks(stage, data.attemptId())
            self._stages[stage] = "ended" if now[1] == now[0] and now[3] == 0 else now

    def _look_at_tasks(self, stage, attempt):
        tasks = self._store.taskList(stage, attempt, _most_tasks)
        for index in range(tasks.size()):
            task = tasks.apply(index)
            status = task.status()
            key = task.taskId()
            if self._tasks.get(key) == status:
                continue
            self._tasks[key] = status
            duration = task.duration()
            self._channel.send(
                "task",
                task=key,
                stage=stage,
                partition=task.index(),
                attempt=task.attempt() + 1,
                executor=task.executorId(),
                status=status,
                seconds=duration.get() / 1000 if duration.isDefined() else None,
            )

    def _look_at_executors(self):
        executors = self._store.executorList(False)
        for index in range(executors.size()):
            executor = executors.apply(index)
            name = executor.id()
            active = executor.isActive()
            if self._executors.get(name) == active:
                continue
            self._executors[name] = active
            logs = executor.executorLogs().get("stderr")
            reason = executor.removeReason()
            self._channel.send(
                "executor",
                executor=name,
                address=executor.hostPort(),
                active=active,
                log=logs.get() if logs.isDefined() else None,
                reason=reason.get() if reason.isDefined() else None,
            )


class ConnectWatch:
    """The same of a session on Spark Connect, which tells of stages only."""

    def __init__(self, session, channel):
        self._channel = channel
        self._session = session
        self._last = {}
        # from Spark 4.0
        self._tells = hasattr(session, "registerProgressHandler")
        if self._tells:
            session.registerProgressHandler(self._progress)

    def close(self):
        if self._tells:
            self._session.removeProgressHandler(self._progress)

    def _progress(self, stages, inflight_tasks, operation_id, done, **_):
        for stage in stages or []:
            now = (stage.num_tasks, stage.num_completed_tasks)
            if self._last.get(stage.stage_id) == now:
                continue
            self._last[stage.stage_id] = now
            self._channel.send(
                "stage",
                stage=stage.stage_id,
                tasks=stage.num_tasks,
                done=stage.num_completed_tasks,
                rows=0,
            )
