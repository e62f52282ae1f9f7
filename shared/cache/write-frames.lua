-- Keeps frames, unless something of their org was erased since they were asked for.
-- KEYS[1] the org's mark of erasures   KEYS[2..n] the frames' keys
-- ARGV[1] the mark that was seen, empty for none   ARGV[2k], ARGV[2k+1] a frame and its time to live in ms, in the order of the keys
-- RETURNS how many were kept: all or 0
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
for index = 2, #KEYS do
  redis.call('SET', KEYS[index], ARGV[2 * index - 2], 'PX', ARGV[2 * index - 1])
end
return #KEYS - 1
