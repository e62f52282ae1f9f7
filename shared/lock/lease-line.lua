-- Joins or leaves the line for a lease; the first in line gets the lease when it is free. Idempotent: a repeated call changes nothing.
-- KEYS[1] the lease   KEYS[2] its line, a list of tokens
-- ARGV[1] 'join' or 'leave'   ARGV[2] the caller's token, "CHANNEL.NUMBER"   ARGV[3] the lease's time to live in ms
-- RETURNS 0 if the caller has the lease, or has left; -1 if the line is full; otherwise the ms after which to join again
local lease, line, token = KEYS[1], KEYS[2], ARGV[2]

-- A longer line is a sign of a failure.
local MAX_IN_LINE = 1000

if ARGV[1] == 'join' and redis.call('EXISTS', line) == 0 and redis.call('SET', lease, token, 'NX', 'PX', ARGV[3]) then
  return 0
end

local holder = redis.call('GET', lease)
if ARGV[1] == 'leave' then
  if holder == token then
    redis.call('DEL', lease)
    holder = false
  else
    redis.call('LREM', line, 1, token)
  end
elseif holder == token then
  redis.call('PEXPIRE', lease, ARGV[3])
else
  if not redis.call('LPOS', line, token) then
    if redis.call('LLEN', line) >= MAX_IN_LINE then return -1 end
    redis.call('RPUSH', line, token)
  end
  -- Every live waiter joins again when the lease would end, which extends the line by two lease times; a line of dead waiters expires.
  redis.call('PEXPIRE', line, 2 * tonumber(ARGV[3]))
end

while not holder do
  local first = redis.call('LPOP', line)
  if not first then break end
  -- The channel of a dead process has no subscriber: its waiters are skipped.
  if first == token or redis.call('PUBLISH', string.match(first, '^(.*)%.'), first) > 0 then
    redis.call('SET', lease, first, 'PX', ARGV[3])
    holder = first
  end
end

if ARGV[1] == 'leave' or holder == token then return 0 end
local leftMs = redis.call('PTTL', lease)
return leftMs > 0 and leftMs or tonumber(ARGV[3])
