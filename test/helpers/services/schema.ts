/** The query for what the migrations make: one text with each table, column, index, constraint, function and trigger, and the migrations themselves. */
export const SCHEMA = `
  select string_agg(line, e'\\n' order by line) as schema from (
    select format('%s %s %s %s', c.relkind, c.relname, a.attname, format_type(a.atttypid, a.atttypmod)) as line
      from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace
    union all select pg_get_constraintdef(oid) || conrelid::regclass from pg_constraint where connamespace = 'public'::regnamespace
    union all select pg_get_functiondef(p.oid) from pg_proc p join pg_language l on l.oid = p.prolang and l.lanname <> 'c'
      where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'
    union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all select concat_ws(' ', name, checksum) from schema_migrations
  ) lines`
