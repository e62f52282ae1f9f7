-- Keeps the newest frame of a task and tells who watches it.
-- KEYS[1] the frame   ARGV[1] the channel   ARGV[2] the frame   ARGV[3] seconds that it is kept
-- RETURNS 1
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
