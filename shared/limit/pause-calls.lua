-- Holds all calls of a line for a time. A longer pause that is running stands.
-- KEYS[1] the line, as in next-call.lua   ARGV[1] the pause in ms
-- RETURNS 1 when no pause was running, else 0
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local pause_ms = tonumber(ARGV[1])
local paused = tonumber(redis.call('HGET', KEYS[1], 'paused') or 0)
if paused < now + pause_ms then redis.call('HSET', KEYS[1], 'paused', now + pause_ms) end
redis.call('PEXPIRE', KEYS[1], math.max(redis.call('PTTL', KEYS[1]), math.ceil(pause_ms) + 1000))
return paused > now and 0 or 1
