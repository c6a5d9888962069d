/** The hash tag in front of every key: all keys are in one slot of a Redis Cluster, so a script may use them together. */
export const prefix = '{chatops}:';

/** How many runs past their time one write clears away: more than it can add. */
const clearedPerWrite = 20;

/** How long it is remembered that a run must not be made: far longer than a request can be on its way. */
const forbiddenMs = 60 * 60 * 1000;

/** A run is a hash: `version`, `generation`, `run` (JSON), `entries` (JSON, list names) and `pipeline`. */
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

local function isPresent(generation)
  return redis.call('HGET', key('generation'), 'id') == generation
end

local function put(id, version, run, entries, scores, pipeline, generation)
  leave(id)
  local lists, at = cjson.decode(entries), cjson.decode(scores)
  for i, list in ipairs(lists) do redis.call('ZADD', key('runs:' .. list), at[i], id) end
  redis.call('DEL', runKey(id))
  redis.call('HSET', runKey(id), 'version', version, 'generation', generation, 'run', run, 'entries', entries)
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

/**
 * ARGV: id, new version, run, entries, scores, pipeline or '', generation, key of those alike or '', the newest of them that was
 * seen, milliseconds to remember this one. Answers 1 when saved, 0 when the id is taken, -1 when it is forbidden, -2 when Redis
 * lives another life, or the newest run alike.
 */
export const createScript = `${pieces}
if not isPresent(ARGV[7]) then return -2 end
clear()
if redis.call('EXISTS', runKey(ARGV[1])) == 1 then return 0 end
if redis.call('EXISTS', key('forbidden:' .. ARGV[1])) == 1 then return -1 end
if ARGV[8] ~= '' then
  local alike = key('alike:' .. ARGV[8])
  local newest = redis.call('GET', alike)
  if newest and newest ~= ARGV[9] and ARGV[9] ~= 'any' then
    local run = redis.call('HGET', runKey(newest), 'run')
    if run then return run end
  end
  redis.call('SET', alike, ARGV[1], 'PX', ARGV[10])
end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
return 1
`;

/**
 * ARGV: id, new version, run, entries, scores, pipeline or '', generation, then the version and generation that must be there.
 * Answers 1, 0 when others (or none) are there, -2 when Redis lives another life.
 */
export const saveScript = `${pieces}
if not isPresent(ARGV[7]) then return -2 end
clear()
if redis.call('HGET', runKey(ARGV[1]), 'version') ~= ARGV[8] then return 0 end
if (redis.call('HGET', runKey(ARGV[1]), 'generation') or '') ~= ARGV[9] then return 0 end
put(ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7])
return 1
`;

/** ARGV: id. Answers 1 when the run will not be made any more, 0 when it is there. */
export const forbidScript = `${pieces}
if redis.call('EXISTS', runKey(ARGV[1])) == 1 then return 0 end
redis.call('SET', key('forbidden:' .. ARGV[1]), '1', 'PX', ${forbiddenMs})
return 1
`;

/**
 * Answers id, beginning (Unix milliseconds) and 1 for the first of Redis' lives. A new one begins when this very process of Redis
 * is not the one that was noted, or nothing was: `run_id` is drawn at every start (https://redis.io/docs/latest/commands/info/).
 */
export const generationScript = `${pieces}
local life = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
local noted = redis.call('HMGET', key('generation'), 'life', 'id', 'began', 'first')
if noted[1] and noted[1] == life then return { noted[2], noted[3], noted[4] } end
local time = redis.call('TIME')
local began = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
local id, first = string.sub(life, 1, 12) .. '-' .. began, noted[1] and '0' or '1'
redis.call('HSET', key('generation'), 'life', life, 'id', id, 'began', began, 'first', first)
return { id, began, first }
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
