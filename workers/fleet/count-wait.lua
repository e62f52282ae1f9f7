-- Counts a wait that cost a running job no attempt.
-- KEYS[1] the job's hash; the count is one of its fields, so it is deleted with the job
-- ARGV[1] the number of attempts made: each attempt has its own count
-- RETURNS the number of waits of this attempt, including this one; 0 if there is no such job
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], 'waits:' .. ARGV[1], 1)
