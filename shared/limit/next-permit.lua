-- Hands out the next slot of a line of model calls. All times are the server's, so the clocks of the processes do not matter.
-- KEYS[1] the line, a hash of times in ms: calls and tokens (when each budget is free), paused (until when), resumed and away (the next free
--   time after a pause, and of those sent away)
-- ARGV[1] ms a call, 0 without a budget   ARGV[2] ms that a call may be early   ARGV[3] ms a token   ARGV[4] ms that tokens may be early
-- ARGV[5] this call's tokens   ARGV[6] tokens owed by earlier calls   ARGV[7] the longest wait in ms   ARGV[8] '1' if the caller has its slot
-- ARGV[9] the least ms between calls that come back   ARGV[10] the ms ahead that those sent away are spread over at most
-- RETURNS {1, ms after which to go}, or {0, ms after which to ask again}
local line = KEYS[1]
local call_ms, call_early_ms = tonumber(ARGV[1]), tonumber(ARGV[2])
local token_ms, token_early_ms = tonumber(ARGV[3]), tonumber(ARGV[4])
local tokens_ms, owed_ms = tonumber(ARGV[5]) * token_ms, tonumber(ARGV[6]) * token_ms
local max_wait_ms, has_slot = tonumber(ARGV[7]), ARGV[8] == '1'
local spread_ms = tonumber(ARGV[10])

local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local stored = redis.call('HMGET', line, 'calls', 'tokens', 'paused', 'resumed', 'away')
for i = 1, 5 do
  stored[i] = tonumber(stored[i] or 0)
end
local calls, tokens, paused, resumed, away = unpack(stored)

tokens = math.max(tokens, now) + owed_ms
local slot = now
if not has_slot then slot = math.max(slot, calls - call_early_ms, tokens - token_early_ms) end
local is_paused = paused > now
if is_paused then slot = math.max(slot, paused, resumed) end
local spacing_ms = math.max(call_ms, tokens_ms, tonumber(ARGV[9]))

local is_go = slot - now <= max_wait_ms
if is_go then
  -- What has no budget must not remember a slot: it would hold up later calls.
  if not has_slot and call_ms > 0 then calls = math.max(calls, slot) + call_ms end
  if not has_slot and token_ms > 0 then tokens = math.max(tokens, slot) + tokens_ms end
  if is_paused then resumed = slot + spacing_ms end
else
  -- A time of its own for each; beyond the spread they begin anew at its start, else the last would wait for ever.
  if away > slot and away < now + spread_ms then slot = away end
  away = slot + spacing_ms
end

redis.call('HSET', line, 'calls', calls, 'tokens', tokens, 'resumed', resumed, 'away', away)
redis.call('PEXPIRE', line, math.ceil(math.max(calls, tokens, paused, resumed, away) - now) + 1000)
return { is_go and 1 or 0, math.ceil(slot - now) }
