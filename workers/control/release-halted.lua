-- Promotes halted jobs that are delayed, in order, as BullMQ 6.7 does (promote-9), and takes them off the list; so it does those that are gone or have
-- moved on. One that is running is on its way back, and one that was halted again since it was read is not meant: both stay.
-- KEYS[1] halted jobs: id by place in line   KEYS[2..9] BullMQ's wait, active, delayed, prioritized, pc, meta, events, marker
-- ARGV[1] BullMQ's prefix of job keys   ARGV[2..] ids and places as they were read: id, place, id, place ...
-- RETURNS how many are off the list
local halted, wait, active, delayed = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local prioritized, priorityCounter, meta, events, marker = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local running = {}
for _, id in ipairs(redis.call('LRANGE', active, 0, -1)) do running[id] = true end
local state = redis.call('HMGET', meta, 'paused', 'concurrency', 'opts.maxLenEvents')
local gone, promoted = 0, 0
for i = 2, #ARGV, 2 do
  local id = ARGV[i]
  if tonumber(redis.call('ZSCORE', halted, id)) == tonumber(ARGV[i + 1]) and not running[id] then
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
    gone = gone + redis.call('ZREM', halted, id)
  end
end
local isMaxed = state[2] and redis.call('LLEN', active) >= tonumber(state[2])
if promoted > 0 and not state[1] and not isMaxed then redis.call('ZADD', marker, 0, '0') end
return gone
