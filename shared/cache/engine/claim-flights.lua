-- Takes the right to make each value, if nobody has it.
-- KEYS[1..n] the values   KEYS[n+1..2n] their leases, in the same order
-- ARGV[1] the caller's token   ARGV[2] a lease's time to live in ms   ARGV[3] 1 if a value that is there need not be made
-- RETURNS for each value 'here' when it is there and that will do, 'ours' when the caller is to make it, 'theirs' while somebody else does
local token, ttlMs, isEnough = ARGV[1], ARGV[2], ARGV[3] == '1'
local count = #KEYS / 2
local claims = {}
for index = 1, count do
  local lease = KEYS[count + index]
  if isEnough and redis.call('EXISTS', KEYS[index]) == 1 then
    claims[index] = 'here'
  elseif redis.call('SET', lease, token, 'NX', 'PX', ttlMs) or redis.call('GET', lease) == token then
    claims[index] = 'ours'
  else
    claims[index] = 'theirs'
  end
end
return claims
