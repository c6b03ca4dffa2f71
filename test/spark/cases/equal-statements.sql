-- Statements over odd-values.ts that are equal on DuckDB and Spark; one a line.

select count(*), count(i), count(DISTINCT i), sum(i), sum(t), sum(l), sum(m), sum(b::INT), avg(i), avg(t), avg(m), avg(n), min(d), max(d), min(x), max(x), min(day), max(ts), bool_and(b), bool_or(b), count_if(b), bit_and(t), bit_or(s), bit_xor(i) from mapped
select d, count(*) as n from mapped group by d order by d
select x, sum(ul), avg(ul), sum(ut), sum(w) from mapped group by x order by 1 desc
select count(*), sum(i), max(d), count_if(b), avg(i), bool_and(b) from mapped where false
select i, d from mapped order by d desc, i limit 7 offset 3
select id, unnest(upto(t)) as u from mapped where t < 10 order by id, u
select sum(distinct i), avg(distinct t), count(distinct x), count(distinct b) filter (where i > 0) from mapped
select * exclude (li, ls) replace (i * 1.0 as i) from mapped order by id
select id, d as "Ä b`c" from mapped order by "Ä b`c", id
select id, unnest([r, r]).km as u from mapped order by id, u
select t, list(i order by i desc) from mapped group by t order by t
select t, list(x order by x nulls first), array_agg(id order by b, id desc) from mapped group by t order by t
select b, string_agg(x, ',' order by id) from mapped group by b order by b
select t, median(i), quantile_cont(d, 0.3), median(g), quantile_cont(l, 0.9) from mapped group by t order by t
select i from mapped intersect select t from mapped order by 1
select a.id, b.id as other from mapped a join mapped b on a.i = b.t order by 1, 2
select a.id, b.id as other, b.d from mapped a left join mapped b on a.i = b.t and a.id < b.id order by 1, 2
select a.id, b.id as other from mapped a full join mapped b on a.x = b.y and a.id > 40 order by 1, 2
select a.id from mapped a anti join mapped b on a.x = b.y order by 1
select a.id, b.id from mapped a, mapped b where a.i = b.l and a.x is distinct from b.y order by 1, 2
select id, i - (select avg(t) from mapped) as e from mapped order by id
with c as (select t, count(*) as n from mapped group by t), e as (select n, max(t) as t from c group by n) select * from c join e on c.n = e.n order by all
select id, rank() over (order by i desc, b nulls first), dense_rank() over (order by d) from mapped order by id
select id, sum(i) over (partition by t order by id), count(*) over (partition by t), avg(t) over (order by id rows between 2 preceding and current row) from mapped order by id
select id, first_value(i) over (partition by t order by id), last_value(x) over (partition by b order by id rows between unbounded preceding and unbounded following) from mapped order by id
select id from mapped qualify row_number() over (partition by t order by id) = 1 order by id
select b, sum(i) as s, sum(i) / count(*) as a, round(100.0 * count(*) filter (i > 0) / count(*), 1) as p from mapped group by b having count(*) > 1 order by s desc
select t % 3 as k, count(*) from mapped group by k order by k
select 'a' as k, sum(i) from mapped group by k
select r.band as band, avg(r.km) as km from mapped group by r.band order by 1
select mean_of(i) as m, count(*) from mapped group by b having mean_of(i) > 0 order by 1
select id, case when half(g) > 0 then half(d) else 0 end as e from mapped order by id
select max(tz), min(tz), count(distinct tz) from mapped
select sum(case when i > 0 then 1 end), sum(1), avg(1.5), max('a') from mapped
select (select max(id) from mapped) as m, count(*) from mapped
select list_sort(li), list_sort(ls, 'DESC', 'NULLS FIRST'), id from mapped order by id
select -sum(l), abs(sum(l)), sum(l) * 2, sum(l) // 3, sum(l) - 1, sum(l) / 3 from mapped
select a.id, b.id as o from mapped a join mapped b on half(a.i) = half(b.t) order by 1, 2
select half(t) as h, count(*), sum(half(i)) from mapped group by h order by h
select id from mapped where half(g) > 0 and i > 0 order by half(d), id
-- a function that throws at rows which do not come to it
select id, case when i >= 0 then root(i) else -root(-(i::double)) end as r from mapped order by id
select id, case when i is null then null when i < 0 then 'negative' when root(i) > 2 then 'large' else cast(cast(round(root(i)) as integer) as varchar) end as r from mapped order by id
select id, coalesce(case when i < 0 then 0.0 end, root(i)) as r from mapped order by id
select id, case when i > 0 then case when i > 10 then root(i - 10) else half(root(10 - i)) end else root(abs(i::double)) end as r from mapped order by id
select b, case when count(*) > 1 and min(i) >= 0 then root(min(i)) end as r, case when count(*) > 1 then mean_of(i) end as m from mapped group by b order by b
select id, case when i > 0 then case when cast(x as integer) > 3 then root(i) end end as r from mapped where i is null or try_cast(x as integer) is not null order by id
select id, case when half(i) > 2 then half(i) else half(i) + root(half(abs(i::double))) end as r from mapped order by id
