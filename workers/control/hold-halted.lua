-- Moves jobs of a halted org far back among the delayed ones and lists them as halted, in one step: no job sleeps long without being listed.
-- KEYS[1] halted jobs: id by the job's time   KEYS[2] places with halted jobs   KEYS[3..6] BullMQ's wait, delayed, events, marker   KEYS[7] BullMQ's meta
-- ARGV[1] BullMQ's prefix of job keys   ARGV[2] the place   ARGV[3] how many of wait to examine   ARGV[4] ms until a job wakes by itself
-- ARGV[5] a job that is delayed already, or ''   ARGV[6..] that job and jobs of wait: id, time, id, time ...
-- RETURNS how many were moved
local halted, wait, delayed, events, marker, meta = KEYS[1], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local time = redis.call('TIME')
local wakeMs = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4]
local times, kept, moved = {}, {}, 0
for i = 6, #ARGV, 2 do times[ARGV[i]] = ARGV[i + 1] end
local maxEvents = redis.call('HGET', meta, 'opts.maxLenEvents') or 10000

local function hold(id)
  redis.call('ZADD', halted, times[id], id)
  -- A score of BullMQ's delayed set has 12 bits below the millisecond.
  redis.call('ZADD', delayed, wakeMs * 0x1000, id)
  redis.call('HSET', ARGV[1] .. id, 'delay', ARGV[4])
  redis.call('XADD', events, 'MAXLEN', '~', maxEvents, '*', 'event', 'delayed', 'jobId', id, 'delay', wakeMs)
  moved = moved + 1
end

-- It may have woken meanwhile: then its next start gives it back again.
if ARGV[5] ~= '' and redis.call('ZSCORE', delayed, ARGV[5]) then hold(ARGV[5]) end
local nextUp = tonumber(ARGV[3]) > 0 and redis.call('LRANGE', wait, -ARGV[3], -1) or {}
local before = moved
for _, id in ipairs(nextUp) do
  if times[id] then hold(id) else kept[#kept + 1] = id end
end
if moved > before then
  redis.call('LTRIM', wait, 0, -#nextUp - 1)
  if #kept > 0 then redis.call('RPUSH', wait, unpack(kept)) end
end
if moved > 0 then
  redis.call('SADD', KEYS[2], ARGV[2])
  local earliest = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
  redis.call('ZADD', marker, tonumber(earliest) / 0x1000, '1')
end
return moved
