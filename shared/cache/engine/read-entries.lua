-- Reads entries with what is left of their lives, and the marks that fence them, at one moment.
-- KEYS[1..n] the entries   KEYS[n+1..] the marks   ARGV[1] n
-- RETURNS n entries, n times to live in ms (-2 for none), then the marks
local count = tonumber(ARGV[1])
local reply = redis.call('MGET', unpack(KEYS))
for index = 1, count do
  table.insert(reply, count + index, redis.call('PTTL', KEYS[index]))
end
return reply
