-- Expressions over a row of odd-values.ts that are equal on DuckDB and Spark; one a line.

-- constants
DATE '1500-01-01'
1e300
9223372036854775807
-9223372036854775808
NULL
'it''s \ $x ${y}'
e'a\nb\t'

-- casts
i::BIGINT
TRY_CAST(i AS SMALLINT)
TRY_CAST(l AS INTEGER)
TRY_CAST(i AS UTINYINT)
TRY_CAST(ut AS TINYINT)
ul::DOUBLE
TRY_CAST(ul AS BIGINT)
l::DOUBLE
l::FLOAT
i::FLOAT
i::DECIMAL(12,2)
i::VARCHAR
ul::VARCHAR
m::VARCHAR
w::VARCHAR
n::VARCHAR
b::VARCHAR
b::INTEGER
b::DOUBLE
b::BIGINT
i::BOOLEAN
d::BOOLEAN
m::BOOLEAN
TRY_CAST(d AS INTEGER)
TRY_CAST(g AS TINYINT)
TRY_CAST(d AS BIGINT)
TRY_CAST(d AS UINTEGER)
TRY_CAST(g AS DECIMAL(9,2))
TRY_CAST(d AS DECIMAL(5,2))
TRY_CAST(d AS DECIMAL(18,2))
TRY_CAST(d AS FLOAT)
TRY_CAST(f AS INTEGER)
f::DOUBLE
m::INTEGER
m::DOUBLE
n::DOUBLE
w::DOUBLE
m::DECIMAL(9,1)
n::DECIMAL(18,1)
TRY_CAST(w AS DECIMAL(20,2))
TRY_CAST(m AS TINYINT)
TRY_CAST(n AS UINTEGER)
number::INTEGER
number::BIGINT
number::DOUBLE
number::DECIMAL(9,2)
TRY_CAST(number AS UTINYINT)
TRY_CAST(x AS INTEGER)
TRY_CAST(x AS DOUBLE)
TRY_CAST(y AS DATE)
day::VARCHAR
ts::VARCHAR
day::TIMESTAMP
ts::DATE
'2020-02-03'::DATE
'2020-02-03 04:05:06.5'::TIMESTAMP
-0.0::DOUBLE
'nan'::DOUBLE
li::DOUBLE[]
li::BIGINT[]
{'km': 1, 'band': 2}::STRUCT(km DOUBLE, band INTEGER)
date_diff('hour', ts, other::TIMESTAMP)
date_diff('second', ts, other::TIMESTAMP)

-- numbers
b
d
d + g
d * g
d / g
f / 2
g / d
i / 3
i // 3
i // t
i % t
d % g
m + n
m * m
m / n
m % n
w + 1
-d
-m
abs(d)
abs(m)
abs(w)
-w
w - w
abs(n)
-n
round(d)
round(d, 2)
round(d, -1)
round(m, 1)
round(m)
round(n, 2)
floor(d)
ceil(d)
trunc(d)
floor(m)
ceil(n)
sign(d)
sign(m)
sign(i)
sqrt(abs(d))
pi()
isnan(d)
isinf(d)
isfinite(d)
isnan(f)
i & t
xor(i, 5)
half(d)
round(half(g), 1)
half(half(g))
f + f
f * f
f - f
f / f
f % f
-f
abs(f)
floor(f)
f + d
f * i
greatest(i, t)
least(d, g)
make_date(2020 + t % 10, 2, 3)

-- texts
x
x < y
x = 'a'
x IN ('a', 'abc')
length(x)
len(x)
strlen(x)
lower(x)
trim(x)
ltrim(x)
rtrim(y)
trim(x, 'ab ')
ltrim(x, ' a')
substring(x, 2)
substring(x, 2, 2)
substring(x, 100)
left(x, 2)
contains(x, y)
contains(x, 'a')
starts_with(x, y)
ends_with(x, y)
x ^@ y
instr(x, 'b')
position('b' IN x)
strpos(x, '日')
x || y
x || 'é' || i
concat(x, y)
concat(x, i, y)
concat_ws(',', x, y)
lpad(x, 5, '*')
rpad(x, 5, 'äb')
repeat(x, 3)
replace(x, 'a', 'zz')
replace(x, 'b', y)
split(x, ',')
string_split(x, 'a')
split_part(x, ',', 2)
md5(x)
sha256(x)
x LIKE 'a%'
x LIKE '%b_c'
x NOT LIKE '%a%'
x LIKE 'a!%%' ESCAPE '!'
x LIKE 'a\b'
x ILIKE 'A%'
x ~ 'a.*'
regexp_matches(x, '[a-c]+$')
regexp_matches(x, '^\w+$')
regexp_full_match(x, '[a-z]*')
regexp_extract(x, '([a-z])(.)', 2)
regexp_replace(x, '[aeiou]', '-', 'g')
regexp_matches(x, '.b')
greatest(x, y)
CASE WHEN x = '' THEN NULL ELSE x END
upper(y)

-- dates and timestamps
day < other
day < ts
ts = day
day + 1
day - other
day + INTERVAL 1 DAY
day + INTERVAL '1 month'
ts + INTERVAL '1 month 2 days 3 hours'
ts - INTERVAL 90 MINUTE
ts + INTERVAL 1 YEAR
ts + INTERVAL 1 MONTH
day - INTERVAL 1 MONTH
other + INTERVAL 1 MONTH
INTERVAL 1 DAY + day
year(day)
day(ts)
quarter(ts)
dayofweek(day)
isodow(day)
week(day)
dayofyear(day)
extract(isoyear FROM day)
extract(dow FROM ts)
extract(hour FROM ts)
extract(epoch FROM ts)
extract(epoch FROM day)
epoch(day)
epoch(ts)
epoch_ms(ts)
epoch_us(ts)
epoch_ms(tz)
date_part('week', ts)
date_part('month', day)
hour(day)
date_trunc('month', day)
date_trunc('week', ts)
date_trunc('hour', ts)
date_trunc('quarter', ts)
date_trunc('millisecond', ts)
date_diff('day', day, other)
date_diff('month', day, other)
date_diff('year', ts, day)
date_diff('quarter', day, other)
last_day(day)
last_day(ts)
dayname(day)
monthname(other)
strftime(other, '%Y-%m-%d')
strftime(other, '%d.%m.%y %H:%M:%S %a %B %j')
tz AT TIME ZONE 'UTC'
ts AT TIME ZONE 'UTC'

-- lists and structs
ls
{'a': i, 'b': x}
{'a': i}.a
r.km
r.band + 1
[i, t]
li[1]
li[-1]
li[t]
li[0]
list_contains(li, 3)
list_contains(ls, x)
list_transform(li, e -> e + 1)
list_transform(li, e -> e + t)
list_filter(li, e -> e > 1)
[e for e in li if e is not null]
len(li)
array_length(ls)
ls[1]
li[-2]

-- conditions
d = g
d < g
f = d
i = d
i < l
ul > l
m = n
m < d
d IS DISTINCT FROM g
i IS NOT DISTINCT FROM t
b AND i > 1
b OR NULL
NOT b
i BETWEEN 0 AND 5
d NOT BETWEEN 0 AND 1
i IN (1, 3, NULL)
CASE WHEN i > 0 THEN 'p' WHEN i < 0 THEN 'n' END
CASE t WHEN 1 THEN 2.5 ELSE i END
coalesce(i, t, 0)
nullif(i, 0)
ifnull(d, 1)

-- functions of a module within others
(((2e0 % 0.5::DOUBLE) / 2e0) / round(((half(g) % f))::DOUBLE, -1))
half(round(half(round(half(g), 2)), 1)) / half(d)
round(half(d) / half(g), 2)

-- what random expressions were of use for
tz > TIMESTAMPTZ '2000-01-01 00:00:00+00'
list_contains(ld, d)
[]
x COLLATE NOCASE = 'ABC'
