-- Expressions that end a query on both engines: overflows, casts that do not fit, functions beyond their range.

t + t
l * 2
l // i
n * m
-i
ut - 1::UTINYINT
sin(d)
i::SMALLINT
t::UTINYINT
number::UTINYINT
d::INTEGER
s % t
x::INTEGER
sqrt(d)
CAST(d AS DECIMAL(5,2))
