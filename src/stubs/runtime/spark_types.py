class _SparkMisfit(Exception):
    """Values that are not exact as the type that a function wants; `row` where it is about one."""

    def __init__(self, message, row=None):
        super().__init__(message)
        self.row = row


def _spark_arrow_type(kind):
    """The type that the artifact takes and gives."""
    import pyarrow as pa

    if isinstance(kind, str):
        return {
            "bool": pa.bool_(),
            "float": pa.float32(),
            "double": pa.float64(),
            "string": pa.string(),
            "bytes": pa.binary(),
            "date": pa.date32(),
            "timestamp": pa.timestamp("us", "UTC"),
            "local_timestamp": pa.timestamp("us"),
        }.get(kind) or getattr(pa, kind)()
    if "decimal" in kind:
        return pa.decimal128(kind["decimal"]["precision"], kind["decimal"]["scale"])
    if "list" in kind:
        return pa.list_(_spark_arrow_type(kind["list"]["type"]))
    return pa.struct([(each["name"], _spark_arrow_type(each["type"])) for each in kind["fields"]])


def _spark_fits(have, kind):
    """Whether the artifact takes an array of the Arrow type `have` as it is."""
    import pyarrow.types as types

    if types.is_null(have):
        return True
    if isinstance(kind, dict):
        if "decimal" in kind:
            return types.is_decimal128(have)
        if "list" in kind:
            return _spark_is_list(have) and _spark_fits(have.value_type, kind["list"]["type"])
        return types.is_struct(have) and all(
            have.get_field_index(each["name"]) >= 0 and _spark_fits(have.field(each["name"]).type, each["type"])
            for each in kind["fields"]
        )
    if kind == "string":
        return types.is_string(have) or types.is_large_string(have)
    if kind == "bytes":
        return types.is_binary(have) or types.is_large_binary(have)
    if kind in ("timestamp", "local_timestamp"):
        return types.is_timestamp(have) and (have.tz is not None) == (kind == "timestamp")
    return have == _spark_arrow_type(kind)


def _spark_is_list(have):
    import pyarrow.types as types

    return types.is_list(have) or types.is_large_list(have)


def _spark_fit(array, kind):
    """An array as the artifact takes it: as it is, or its values exactly in another type. Raises _SparkMisfit."""
    import pyarrow as pa
    import pyarrow.compute as compute
    import pyarrow.types as types

    have = array.type
    if _spark_fits(have, kind):
        return array
    wanted = _spark_arrow_type(kind)
    if types.is_struct(have) and types.is_struct(wanted):
        fields = []
        given = array.flatten()  # a field of a null struct is null, whatever its memory holds
        for each in kind["fields"]:
            position = have.get_field_index(each["name"])
            if position < 0:
                raise _SparkMisfit(f"has no field {each['name']}")
            fields.append(_spark_fit(given[position], each["type"]))
        named = [pa.field(each["name"], field.type) for each, field in zip(kind["fields"], fields)]
        return pa.StructArray.from_arrays(fields, fields=named, mask=array.is_null())
    if types.is_list(have) and types.is_list(wanted):
        lengths = compute.fill_null(compute.list_value_length(array), 0).cast(pa.int32())
        ends = compute.cumulative_sum(lengths)
        try:
            # only what the lists hold: not what lies under a null, or beside a slice
            values = _spark_fit(array.flatten(), kind["list"]["type"])
        except _SparkMisfit as misfit:
            row = None if misfit.row is None else compute.sum(compute.less_equal(ends, misfit.row)).as_py()
            raise _SparkMisfit(f"has elements that do not fit: {misfit}", row) from None
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        return pa.ListArray.from_arrays(offsets, values, mask=array.is_null())
    if not _spark_may_become(have, wanted):
        advice = f'make it one by .cast("{_spark_type(kind).simpleString()}")'
        raise _SparkMisfit(f"is a column of {have}, and the function takes {_spark_name(kind)}; {advice}")
    return _spark_cast(array, wanted, _spark_name(kind))


def _spark_name(kind):
    if isinstance(kind, str):
        return kind
    return "decimal" if "decimal" in kind else "list" if "list" in kind else kind["struct"]


def _spark_may_become(have, wanted):
    """Whether values may be given in another type: numbers that stay what they are. A cast that changes them is the caller's."""
    import pyarrow.types as types

    if types.is_integer(wanted):
        return types.is_integer(have) or (types.is_decimal(have) and have.scale == 0)
    if types.is_floating(wanted):
        return types.is_integer(have) or types.is_decimal(have) or (types.is_floating(have) and have.bit_width <= wanted.bit_width)
    if types.is_decimal(wanted):
        return types.is_integer(have)
    return types.is_binary(wanted) and types.is_string(have)


def _spark_cast(array, wanted, name):
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_decimal(wanted) and types.is_integer(array.type):
        wanted = pa.decimal128(20, 0)  # the artifact brings it to the scale
    if types.is_floating(wanted) and types.is_decimal(array.type):
        array = array.cast(pa.string())  # pyarrow reads numbers with the right rounding
    try:
        return array.cast(wanted)
    except pa.ArrowInvalid:
        row = _spark_first_failing(array, wanted)
        raise _SparkMisfit(f"does not fit into {name}", row) from None


def _spark_first_failing(array, wanted):
    """The first row that cannot be cast."""
    import pyarrow as pa

    first, end = 0, len(array)
    while end - first > 1:
        middle = (first + end) // 2
        try:
            array.slice(first, middle - first).cast(wanted)
            first = middle
        except pa.ArrowInvalid:
            end = middle
    return first


def _spark_given(array, kind):
    """A result as Spark has it: unsigned integers in the next larger type."""
    import pyarrow as pa
    import pyarrow.types as types

    wanted = _spark_signed(array.type)
    return array if wanted == array.type else array.cast(wanted)


def _spark_signed(have):
    import pyarrow as pa
    import pyarrow.types as types

    if types.is_unsigned_integer(have):
        return {8: pa.int16(), 16: pa.int32(), 32: pa.int64()}.get(have.bit_width) or pa.decimal128(20, 0)
    if types.is_list(have):
        return pa.list_(have.value_field.with_type(_spark_signed(have.value_type)))
    if types.is_struct(have):
        return pa.struct([field.with_type(_spark_signed(field.type)) for field in have])
    return have
