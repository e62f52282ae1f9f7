-- Prolongs those leases that are still the caller's, or gives them back.
-- KEYS the leases   ARGV[1] the caller's token   ARGV[2] time to live in ms; 0 gives them back
-- RETURNS how many were the caller's
local count = 0
for _, lease in ipairs(KEYS) do
  if redis.call('GET', lease) == ARGV[1] then
    count = count + redis.call('PEXPIRE', lease, ARGV[2])
  end
end
return count
