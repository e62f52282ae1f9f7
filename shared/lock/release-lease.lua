-- Gives a lease back, if it is still its holder's.
-- KEYS[1] the lease   ARGV[1] the holder's token
-- RETURNS 1 when given back, 0 when it was not the holder's
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
