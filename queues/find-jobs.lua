-- Searches one page of the jobs in one state for payloads that contain a text. Payloads are read as text, so invalid JSON is found too.
-- KEYS[1] BullMQ's list or sorted set of job ids   ARGV[1] BullMQ's prefix of job keys   ARGV[2] the text; '' finds every job
-- ARGV[3] the cursor, '' to begin   ARGV[4] the approximate number of jobs to examine
-- RETURNS {the next cursor, '' at the end; the bytes examined; id, time and payload of each job found}
local cursor, count = ARGV[3], tonumber(ARGV[4])
local kind = redis.call('TYPE', KEYS[1]).ok
local ids = {}
local nextCursor = ''
if kind == 'list' then
  local first = tonumber(cursor) or 0
  ids = redis.call('LRANGE', KEYS[1], first, first + count - 1)
  if #ids == count then nextCursor = tostring(first + count) end
elseif kind == 'zset' then
  -- From the last job on, which may share its score with thousands: all jobs due at midnight do. If it has moved, those of its score are met
  -- again: pages by rank alone would leave jobs out when others before them start.
  local score, last = string.match(cursor, '^(%S+) (.*)$')
  if last and redis.call('ZSCORE', KEYS[1], last) == score then
    local rank = redis.call('ZRANK', KEYS[1], last)
    ids = redis.call('ZRANGE', KEYS[1], rank + 1, rank + count)
  else
    ids = redis.call('ZRANGEBYSCORE', KEYS[1], score or '-inf', '+inf', 'LIMIT', 0, count)
  end
  if #ids == count then nextCursor = redis.call('ZSCORE', KEYS[1], ids[count]) .. ' ' .. ids[count] end
end

local bytes, found = 0, {}
for i = 1, #ids do
  local key = ARGV[1] .. ids[i]
  local data = redis.pcall('HGET', key, 'data')
  if type(data) == 'string' then
    bytes = bytes + #data
    if ARGV[2] == '' or string.find(data, ARGV[2], 1, true) then
      found[#found + 1] = ids[i]
      found[#found + 1] = redis.call('HGET', key, 'timestamp') or '0'
      found[#found + 1] = data
    end
  end
end
return {nextCursor, bytes, unpack(found)}
