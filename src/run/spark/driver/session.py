"""A session on a cluster, with spark-submit's settings or over Spark Connect."""

import os
import time
import warnings


class Session:
    """The session of one run: classic (this process has the cluster's driver in it) or Spark Connect."""

    def __init__(self, request):
        from pyspark.sql import SparkSession

        self.connect = request["connect"]
        builder = SparkSession.builder.appName(request["name"])
        if self.connect is None:
            self.spark = builder.getOrCreate()
        else:
            # a script that asks for a session gets this one
            os.environ["SPARK_REMOTE"] = _with_token(self.connect)
            self.spark = builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
        with warnings.catch_warnings():
            # of settings that are still what they were, and have a newer name
            warnings.simplefilter("ignore")
            for name, value in request["sqlSettings"].items():
                self.spark.conf.set(name, value)
        self.refused = []
        if self.connect is not None:
            self._set(request["settings"])

    def _set(self, settings):
        """Over Connect, the server has been started already: what it takes no longer is told."""
        for name, value in settings.items():
            try:
                self.spark.conf.set(name, value)
            except Exception:  # noqa: BLE001 - the reasons are many, and the meaning is one
                self.refused.append(name)

    def facts(self):
        context = None if self.connect is not None else self.spark.sparkContext
        return {
            "version": self.spark.version,
            "application": context.applicationId if context else self.spark.session_id,
            "page": context.uiWebUrl if context else None,
            "master": context.master if context else self.connect.split(";")[0],
        }

    def slots(self):
        """How many tasks reach every executor, as far as Spark tells."""
        if self.connect is not None:
            return 8
        return max(2, 2 * self.spark.sparkContext.defaultParallelism)

    def cancel(self):
        """Ends everything that the session computes; returns when Spark says that nothing is left."""
        if self.connect is not None:
            self.spark.interruptAll()
            return
        context = self.spark.sparkContext
        context.cancelAllJobs()
        tracker = context.statusTracker()
        while tracker.getActiveJobsIds():
            time.sleep(0.05)

    def stop(self):
        self.spark.stop()


def _with_token(url):
    token = os.environ.pop("NATIVE_UDF_CONNECT_TOKEN", None)
    return url if token is None else f"{url}{'' if '/;' in url else '/'};token={token}"
