-- Removes jobs from the set of halted jobs, unless they were halted again since they were read.
-- KEYS[1] the set: job id by its place in line   ARGV[1..] ids and places as they were read: id, place, id, place ...
-- RETURNS how many were removed
local gone = 0
for i = 1, #ARGV, 2 do
  if tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i])) == tonumber(ARGV[i + 1]) then
    gone = gone + redis.call('ZREM', KEYS[1], ARGV[i])
  end
end
return gone
