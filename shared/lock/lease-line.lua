-- Joins or leaves the line for a lease; who stands first gets the lease when it is free. Twice is once: a repeated call changes nothing.
-- KEYS[1] the lease   KEYS[2] its line, a list of tokens
-- ARGV[1] 'join' or 'leave'   ARGV[2] the caller's token, "CHANNEL.NUMBER"   ARGV[3] the lease's time to live in ms
-- RETURNS 0 when the caller has the lease, or has left; -1 when the line is full; else the ms after which to join again
local lease, line, token = KEYS[1], KEYS[2], ARGV[2]

-- Beyond this a line is no line but a failure.
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
  -- All who live join again when the lease would end, so a line that lasts two leases lasts for ever; one without the living does not.
  redis.call('PEXPIRE', line, 2 * tonumber(ARGV[3]))
end

while not holder do
  local first = redis.call('LPOP', line)
  if not first then break end
  -- Nobody listens to the channel of a process that has died: who waited there is passed over.
  if first == token or redis.call('PUBLISH', string.match(first, '^(.*)%.'), first) > 0 then
    redis.call('SET', lease, first, 'PX', ARGV[3])
    holder = first
  end
end

if ARGV[1] == 'leave' or holder == token then return 0 end
local leftMs = redis.call('PTTL', lease)
return leftMs > 0 and leftMs or tonumber(ARGV[3])
