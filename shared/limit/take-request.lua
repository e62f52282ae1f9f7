-- Takes one request of a caller's rate (GCRA): a steady rate, and a burst after a quiet time. All times are the server's.
-- KEYS[1] when the rate is free again, in ms
-- ARGV[1] ms per request   ARGV[2] how many may come at once
-- RETURNS {1 if it may run, ms until the next may, how many more may come at once}
local every_ms, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local ahead = free - now
if ahead > (burst - 1) * every_ms then return { 0, math.ceil(ahead - (burst - 1) * every_ms), 0 } end
free = free + every_ms
redis.call('SET', KEYS[1], string.format('%.3f', free), 'PX', math.ceil(free - now))
return { 1, 0, math.floor(((burst * every_ms) - (free - now)) / every_ms) }
