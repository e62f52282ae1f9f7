-- Keeps frames, unless one of their marks has changed since they were asked for.
-- KEYS[1..n] the marks   KEYS[n+1..] the frames' keys
-- ARGV[1] n   ARGV[2..n+1] the marks that were seen, empty for none   then a frame and its time to live in ms, in the order of the keys
-- RETURNS how many were kept: all or 0
local marks = tonumber(ARGV[1])
for index = 1, marks do
  if (redis.call('GET', KEYS[index]) or '') ~= ARGV[1 + index] then
    return 0
  end
end
for index = marks + 1, #KEYS do
  local place = 2 * index - marks
  redis.call('SET', KEYS[index], ARGV[place], 'PX', ARGV[place + 1])
end
return #KEYS - marks
