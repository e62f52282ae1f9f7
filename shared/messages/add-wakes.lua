-- Adds messages to a stream. Our loops delete what they have read, so that the length of a stream that they read, or nobody yet, is what still waits: there
-- nothing is added beyond the bound, and nothing trimmed. A stream that only others read is trimmed, for they need not delete anything.
-- KEYS[1] the stream   ARGV[1] the bound   ARGV[2] the name of our group   ARGV[3..] org and id of each message
-- RETURNS how many were added
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
local isOurs = groups.err ~= nil or #groups == 0
for _, group in ipairs(groups) do
  if group[2] == ARGV[2] then isOurs = true end
end
local room = isOurs and ARGV[1] - redis.call('XLEN', KEYS[1]) or #ARGV
local added = 0
for i = 3, #ARGV, 2 do
  if added >= room then break end
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'v', '1', 'org', ARGV[i], 'id', ARGV[i + 1])
  added = added + 1
end
return added
