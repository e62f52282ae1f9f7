-- expand: every system message that holds is pinned, not the first only.
-- {"user": [seq, position], "system": [{"at": [seq, position], "isPrompt", "chars", "hash", "sketch"}], "changes": [[seq, position]]}.
update workstreams set pins = (pins - 'system') || jsonb_build_object('system', jsonb_build_array(jsonb_build_object(
  'at', pins -> 'system', 'isPrompt', true, 'chars', 0, 'hash', 0, 'sketch', '[]'::jsonb)))
where pins ? 'system' and jsonb_typeof(pins -> 'system' -> 0) = 'number';

-- What servers count of a request over what was reckoned for it, by model: `load` reckons with the most that was seen.
create table token_ratios (
  model text primary key,
  ratio real not null,
  noted_at timestamptz not null
);
