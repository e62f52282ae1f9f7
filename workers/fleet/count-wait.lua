-- Counts a wait that cost a running job no attempt.
-- KEYS[1] the job's hash; the count is a field of it, so that it ends with the job
-- ARGV[1] the attempts that the job has made: each has its own count
-- RETURNS how many waits this attempt has had with this one; 0 if there is no such job
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'waits:' .. ARGV[1], 1)
