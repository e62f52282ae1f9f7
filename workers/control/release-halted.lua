-- Promotes the first halted jobs of a place, in order, as BullMQ 6.7 does (promote-9), and takes them off the list in the same step, so that none is
-- off it while it sleeps on. One that is not delayed has been woken or removed, and only leaves the list. The place goes with the last of them.
-- KEYS[1] halted jobs: id by the job's time   KEYS[2] places with halted jobs
-- KEYS[3..10] BullMQ's wait, active, delayed, prioritized, pc, meta, events, marker
-- ARGV[1] BullMQ's prefix of job keys   ARGV[2] the place   ARGV[3] how many jobs
-- RETURNS how many left the list
local halted, wait, active, delayed = KEYS[1], KEYS[3], KEYS[4], KEYS[5]
local prioritized, priorityCounter, meta, events, marker = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local state = redis.call('HMGET', meta, 'paused', 'concurrency', 'opts.maxLenEvents')
local page = redis.call('ZRANGE', halted, 0, ARGV[3] - 1)
local promoted = 0
for _, id in ipairs(page) do
  local job = ARGV[1] .. id
  if redis.call('ZREM', delayed, id) == 1 and redis.call('EXISTS', job) == 1 then
    local priority = tonumber(redis.call('HGET', job, 'priority')) or 0
    if priority == 0 then
      redis.call('LPUSH', wait, id)
    else
      local count = redis.call('INCR', priorityCounter)
      redis.call('ZADD', prioritized, priority * 0x100000000 + count % 0x100000000, id)
    end
    redis.call('HSET', job, 'delay', 0)
    redis.call('XADD', events, 'MAXLEN', '~', state[3] or 10000, '*', 'event', 'waiting', 'jobId', id, 'prev', 'delayed')
    promoted = promoted + 1
  end
  redis.call('ZREM', halted, id)
end
local isMaxed = state[2] and redis.call('LLEN', active) >= tonumber(state[2])
if promoted > 0 and not state[1] and not isMaxed then redis.call('ZADD', marker, 0, '0') end
if redis.call('EXISTS', halted) == 0 then redis.call('SREM', KEYS[2], ARGV[2]) end
return #page
