/** The hash tag in front of every key: all keys are in one slot of a Redis Cluster, so a script may use them together. */
export const prefix = '{chatops}:';

/** How many runs past their time one write clears away: more than it can add. */
const clearedPerWrite = 20;

/** A run is a hash: `version`, `run` (JSON), `entries` (JSON, list names) and `pipeline`. */
const pieces = `
local prefix = '${prefix}'
local function key(name) return prefix .. name end
local function runKey(id) return prefix .. 'run:' .. id end

local function leave(id)
  local old = redis.call('HMGET', runKey(id), 'entries', 'pipeline')
  if old[1] then
    for _, list in ipairs(cjson.decode(old[1])) do redis.call('ZREM', key('runs:' .. list), id) end
  end
  if old[2] and redis.call('HGET', key('pipelines'), old[2]) == id then
    redis.call('HDEL', key('pipelines'), old[2])
  end
end

local function put(id, version, run, entries, scores, pipeline)
  leave(id)
  local lists, at = cjson.decode(entries), cjson.decode(scores)
  for i, list in ipairs(lists) do redis.call('ZADD', key('runs:' .. list), at[i], id) end
  redis.call('DEL', runKey(id))
  redis.call('HSET', runKey(id), 'version', version, 'run', run, 'entries', entries)
  if pipeline ~= '' then
    redis.call('HSET', runKey(id), 'pipeline', pipeline)
    redis.call('HSET', key('pipelines'), pipeline, id)
  end
end

local function clear()
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local over = redis.call('ZRANGEBYSCORE', key('runs:ending'), '-inf', now, 'LIMIT', 0, ${clearedPerWrite})
  for _, id in ipairs(over) do
    leave(id)
    redis.call('DEL', runKey(id))
  end
end
`;

/** ARGV: id, new version, run, entries, scores, pipeline or ''. Answers 1, or 0 when the id is taken. */
export const createScript = `${pieces}
clear()
if redis.call('EXISTS', runKey(ARGV[1])) == 1 then return 0 end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
`;

/** ARGV as for creating, then the version that must be there. Answers 1, or 0 when another version (or none) is there. */
export const saveScript = `${pieces}
clear()
if redis.call('HGET', runKey(ARGV[1]), 'version') ~= ARGV[7] then return 0 end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return 1
`;

/** ARGV: how many, then list names. Answers the runs that are in all lists, the highest score first; walks the shortest list. */
export const listScript = `${pieces}
local wanted, lists = tonumber(ARGV[1]), {}
for i = 2, #ARGV do lists[#lists + 1] = key('runs:' .. ARGV[i]) end
table.sort(lists, function(a, b) return redis.call('ZCARD', a) < redis.call('ZCARD', b) end)
local found, from = {}, 0
while #found < wanted do
  local ids = redis.call('ZREVRANGE', lists[1], from, from + 199)
  if #ids == 0 then break end
  from = from + #ids
  for _, id in ipairs(ids) do
    local everywhere = #found < wanted
    for i = 2, #lists do
      everywhere = everywhere and redis.call('ZSCORE', lists[i], id)
    end
    if everywhere then found[#found + 1] = redis.call('HGET', runKey(id), 'run') end
  end
end
return found
`;

/** KEYS: the uses. ARGV: how many, per milliseconds. Answers 1 and counts the use, or 0. Scores are microseconds of Redis' own clock. */
export const allowScript = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local score = string.format('%.0f', now)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - tonumber(ARGV[2]) * 1000))
local used = redis.call('ZCARD', KEYS[1])
if used >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], score, score .. '-' .. used)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`;
