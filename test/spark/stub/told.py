"""What the scripts tell the test."""

import json
import math
import re


def error_of(what):
    """The text of the exception that a call raises."""
    try:
        what()
    except Exception as error:
        return str(error)
    return "it did not fail"


def lines_of(text):
    """The lines for programs in the text of an exception."""
    found = re.findall(r'^.*?(?:native-udf: )?(\{"(?:kind|module)":.*\})\s*$', text, re.MULTILINE)
    return [json.loads(each) for each in found]


def readable(value):
    """With the numbers that JSON, or JavaScript's, has not as text."""
    if isinstance(value, dict):
        return {name: readable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [readable(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return str(value) if isinstance(value, int) and abs(value) > 2**53 else value
