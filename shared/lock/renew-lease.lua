-- Prolongs a lease that is still its holder's.
-- KEYS[1] the lease   ARGV[1] the holder's token   ARGV[2] time to live in ms
-- RETURNS 1 when prolonged, 0 when the lease is not the holder's
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
