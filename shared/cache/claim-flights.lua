-- Takes the right to make each value that is missing, if nobody has it.
-- KEYS[1..n] the values   KEYS[n+1..2n] their leases, in the same order
-- ARGV[1] the caller's token   ARGV[2] a lease's time to live in ms
-- RETURNS for each value 'here' when it is there, 'ours' when the caller is to make it, 'theirs' while somebody else does
local token, ttlMs = ARGV[1], ARGV[2]
local count = #KEYS / 2
local claims = {}
for index = 1, count do
  local lease = KEYS[count + index]
  if redis.call('EXISTS', KEYS[index]) == 1 then
    claims[index] = 'here'
  elseif redis.call('SET', lease, token, 'NX', 'PX', ttlMs) or redis.call('GET', lease) == token then
    claims[index] = 'ours'
  else
    claims[index] = 'theirs'
  end
end
return claims
