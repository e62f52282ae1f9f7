-- Gives a lease back if its holder still has it.
-- KEYS[1] the lease   ARGV[1] the holder's token
-- RETURNS 1 if given back, 0 if the holder no longer had it
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
