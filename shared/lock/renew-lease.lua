-- Renews a lease if its holder still has it.
-- KEYS[1] the lease   ARGV[1] the holder's token   ARGV[2] time to live in ms
-- RETURNS 1 if renewed, 0 if the holder no longer has it
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
