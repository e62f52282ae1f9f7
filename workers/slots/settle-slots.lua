-- Settles the slots of one key (an org) of one queue: takes a slot back, lines up arriving jobs, hands free slots to the first in line and
-- parks the others. It moves jobs as BullMQ 6.7 does (moveToDelayed-11, promote-9); a test compares the two.
-- Jobs that yield wait behind the key's other jobs, but get each fifth slot while both wait, so that they are not starved.
-- KEYS[1] holders: job id by the time it got its slot   KEYS[2] line: ticket by the job's time   KEYS[3] parked: number in line by key
-- KEYS[4] overtaken: slots handed past the first job that yields   KEYS[5..13] BullMQ's wait, active, delayed, prioritized, pc, meta, events, marker, stalled
-- ARGV[1] BullMQ's prefix of job keys   ARGV[2] the key   ARGV[3] its limit   ARGV[4] where arrivals are: active, wait or none
-- ARGV[5] the job that gives its slot back, or ''   ARGV[6] its token, or that of the arrival from active
-- ARGV[7] how many jobs of wait to examine   ARGV[8] ms until the first in line wakes by itself   ARGV[9] ms until the others do
-- ARGV[10] how long a slot is reserved for a job without a lock, in ms   ARGV[11] time to live of the keys, in ms
-- ARGV[12] the progress shown by a parked job   ARGV[13..] arrivals: id, time, 1 if it yields else 0, id ...
-- RETURNS {jobs parked by this call, or -1 if the worker no longer owns the arrival; id and number of starts so far of each promoted job}
local holders, line, parkedByKey, overtaken = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local wait, active, delayed, prioritized, priorityCounter = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local meta, events, marker, stalled = KEYS[10], KEYS[11], KEYS[12], KEYS[13]
local prefix, limit, from, giver, token = ARGV[1], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
local firstWakeMs, lastWakeMs, reservedMs = tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local arrival = from == 'active' and ARGV[13] or ''
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local parked, promoted = 0, {}
-- Later than any time in ms: the scores of jobs that yield begin here.
local YIELDING = 1e13
local MOST_OVERTAKEN = 4

-- Jobs with the same time are ordered by id, numeric ids numerically.
local function ticketOf(id) return string.format('%05d:%s', #id, id) end
local function idOf(ticket) return string.sub(ticket, 7) end
local function lockOf(id) return redis.call('GET', prefix .. id .. ':lock') end

-- Whether a job has not been removed, completed or failed for good.
local function isToRun(id)
  return redis.call('EXISTS', prefix .. id) == 1 and redis.call('HEXISTS', prefix .. id, 'finishedOn') == 0
end

local function announce(event, id, field, value)
  local maxEvents = redis.call('HGET', meta, 'opts.maxLenEvents') or 10000
  redis.call('XADD', events, 'MAXLEN', '~', maxEvents, '*', 'event', event, 'jobId', id, field, value)
end

-- A score of BullMQ's delayed set has 12 bits below the millisecond.
local function wakeAfter(id, ms) redis.call('ZADD', delayed, (nowMs + ms) * 0x1000, id) end

local function park(id)
  wakeAfter(id, lastWakeMs)
  redis.call('HSET', prefix .. id, 'delay', lastWakeMs, 'progress', ARGV[12])
  announce('delayed', id, 'delay', nowMs + lastWakeMs)
  parked = parked + 1
end

local function promote(id)
  if redis.call('ZREM', delayed, id) == 0 then return end
  local priority = tonumber(redis.call('HGET', prefix .. id, 'priority')) or 0
  -- To the end of the queue, behind the jobs of other keys.
  if priority == 0 then
    redis.call('LPUSH', wait, id)
  else
    local count = redis.call('INCR', priorityCounter)
    redis.call('ZADD', prioritized, priority * 0x100000000 + count % 0x100000000, id)
  end
  local state = redis.call('HMGET', meta, 'paused', 'concurrency')
  local isMaxed = state[2] and redis.call('LLEN', active) >= tonumber(state[2])
  if not state[1] and not isMaxed then redis.call('ZADD', marker, 0, '0') end
  redis.call('HSET', prefix .. id, 'delay', 0, 'progress', '0')
  announce('waiting', id, 'prev', 'delayed')
  promoted[#promoted + 1] = id
  promoted[#promoted + 1] = redis.call('HGET', prefix .. id, 'ats') or '0'
end

local function lineUp(id, time, yields)
  redis.call('ZADD', line, yields == '1' and YIELDING + time or time, ticketOf(id))
end

-- Takes the next ticket out of the line.
local function nextTicket()
  local ticket = redis.call('ZRANGE', line, 0, 0)[1]
  local yielding = ticket and redis.call('ZRANGE', line, YIELDING, '+inf', 'BYSCORE', 'LIMIT', 0, 1)[1]
  if yielding and yielding ~= ticket and redis.call('INCR', overtaken) > MOST_OVERTAKEN then ticket = yielding end
  if ticket == yielding then redis.call('DEL', overtaken) end
  if ticket then redis.call('ZREM', line, ticket) end
  return ticket
end

if arrival ~= '' and lockOf(arrival) ~= token then return {-1} end
local firstBefore = redis.call('ZRANGE', line, 0, 0)[1]

-- 1. Give the slot back, unless a later run has taken over the job and with it the slot.
if giver ~= '' then
  local lock = lockOf(giver)
  if not lock or lock == token then redis.call('ZREM', holders, giver) end
end

-- 2. Take back slots whose job can no longer use them: it ended, was removed, or was delayed without giving its slot back.
local held = redis.call('ZRANGE', holders, 0, -1, 'WITHSCORES')
for i = 1, #held, 2 do
  local id, ageMs = held[i], nowMs - tonumber(held[i + 1])
  if not lockOf(id) and (ageMs > reservedMs or not isToRun(id) or redis.call('ZSCORE', delayed, id)) then
    redis.call('ZREM', holders, id)
  end
end

-- After the limit was lowered, only the first promoted jobs keep their slots.
if (redis.call('ZRANK', holders, arrival) or 0) >= limit then redis.call('ZREM', holders, arrival) end

-- 3. Line up. Waiting jobs are parked only behind others: if there is room, they start by themselves. Jobs that yield are always parked, so that
-- no job of their key has to wait behind them.
if from == 'active' and not redis.call('ZSCORE', holders, arrival) then
  lineUp(arrival, ARGV[14], ARGV[15])
elseif from == 'wait' then
  local isFull = firstBefore or redis.call('ZCARD', holders) >= limit
  local arrivals, kept = {}, {}
  for i = 13, #ARGV, 3 do
    if isFull or ARGV[i + 2] == '1' then arrivals[ARGV[i]] = {ARGV[i + 1], ARGV[i + 2]} end
  end
  local nextUp = redis.call('LRANGE', wait, -ARGV[7], -1)
  for _, id in ipairs(nextUp) do
    -- A waiting job that has a slot keeps waiting: if it were parked, no job would be left to hand out slots.
    if arrivals[id] and not redis.call('ZSCORE', holders, id) then
      lineUp(id, unpack(arrivals[id]))
      park(id)
    else
      kept[#kept + 1] = id
    end
  end
  if parked > 0 then
    redis.call('LTRIM', wait, 0, -#nextUp - 1)
    if #kept > 0 then redis.call('RPUSH', wait, unpack(kept)) end
  end
end

-- 4. Hand out free slots. A promoted job keeps its slot until it starts.
while redis.call('ZCARD', holders) < limit do
  local ticket = nextTicket()
  if not ticket then break end
  local id = idOf(ticket)
  if isToRun(id) then
    redis.call('ZADD', holders, nowMs, id)
    if id == arrival then redis.call('HSET', prefix .. id, 'progress', '0') else promote(id) end
  end
end

-- 5. Park the arrival if it got no slot.
if arrival ~= '' and not redis.call('ZSCORE', holders, arrival) then
  redis.call('DEL', prefix .. arrival .. ':lock')
  redis.call('SREM', stalled, arrival)
  redis.call('LREM', active, -1, arrival)
  park(arrival)
end

-- 6. A new first in line, or one that woke and got no slot, wakes early; the others need to wake by themselves only if the line is lost.
local first = redis.call('ZRANGE', line, 0, 0)[1]
while first and not isToRun(idOf(first)) do
  redis.call('ZREM', line, first)
  first = redis.call('ZRANGE', line, 0, 0)[1]
end
local isMoved = first and (first ~= firstBefore or idOf(first) == arrival)
if isMoved then
  local wakeAt = redis.call('ZSCORE', delayed, idOf(first))
  if wakeAt and tonumber(wakeAt) > (nowMs + firstWakeMs) * 0x1000 then wakeAfter(idOf(first), firstWakeMs) end
end
if parked > 0 or isMoved then
  local earliest = redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
  if earliest then redis.call('ZADD', marker, tonumber(earliest) / 0x1000, '1') end
end

local inLine = redis.call('ZCARD', line)
if inLine > 0 then redis.call('ZADD', parkedByKey, inLine, ARGV[2]) else redis.call('ZREM', parkedByKey, ARGV[2]) end
if inLine == 0 then redis.call('DEL', overtaken) end
for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ARGV[11]) end
return {parked, unpack(promoted)}
