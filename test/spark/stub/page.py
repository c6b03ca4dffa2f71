"""The script that the documentation shows, in this session."""

import contextlib
import io
import runpy


def run(spark, settings):
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        runpy.run_path(settings["page"], run_name="__main__")
    return shown.getvalue()
