-- Reads the next jobs of a queue's wait list, without taking them.
-- KEYS[1] BullMQ's wait   ARGV[1] BullMQ's prefix of job keys   ARGV[2] how many
-- RETURNS {id, name, time, data, ...}, the next job first
local found = {}
local ids = redis.call('LRANGE', KEYS[1], -ARGV[2], -1)
for i = #ids, 1, -1 do
  local job = redis.call('HMGET', ARGV[1] .. ids[i], 'name', 'timestamp', 'data')
  if job[3] then
    for _, value in ipairs({ids[i], job[1] or '', job[2] or '0', job[3]}) do found[#found + 1] = value end
  end
end
return found
