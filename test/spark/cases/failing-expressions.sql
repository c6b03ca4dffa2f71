-- Expressions that end a query on both engines: overflows, casts that do not fit, functions beyond their range.

i + 1
t + t
l * 2
l // i
n * m
-i
ut + ut
ut - 1::UTINYINT
sin(d)
cos(g)
l::INTEGER
i::SMALLINT
t::UTINYINT
ut::TINYINT
number::UTINYINT
d::INTEGER
s % t
l % -1
x::INTEGER
y::DATE
sqrt(d)
ln(d)
make_date(2021, 2, t)
CAST(d AS DECIMAL(5,2))
m * 1000000000::DECIMAL(18,0) * m
