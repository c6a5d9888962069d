/** A setting as `INFO` tells it (https://redis.io/docs/latest/commands/info/), what it must be, and what is lost otherwise. */
const needed = [
  {
    name: 'maxmemory_policy',
    value: 'noeviction',
    otherwise: 'Redis may throw runs away when its memory is full; set maxmemory-policy noeviction',
  },
  {
    name: 'aof_enabled',
    value: '1',
    otherwise: 'accepted commands are lost when Redis restarts; set appendonly yes',
  },
  {
    name: 'aof_last_write_status',
    value: 'ok',
    otherwise: 'Redis could not write its append-only file; see its log and its disk',
  },
  {
    name: 'role',
    value: 'master',
    otherwise: 'this Redis is a replica and takes no writes; use the address of the primary',
  },
] as const;

/** Reads the answer of `INFO`, which a client may ask for even where `CONFIG` is not allowed. A setting it does not tell is a warning too. */
export const settingsWarnings = (told: string): readonly string[] => {
  const found = new Map(
    told.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
  return needed.flatMap(({ name, value, otherwise }) => {
    const is = found.get(name);
    if (is === value) return [];
    return [
      is === undefined
        ? `Redis does not tell ${name}; make sure that it is ${value}`
        : `${name} is ${is}: ${otherwise}`,
    ];
  });
};

/** Reads the answer of `CONFIG GET appendfsync`, name then value. Every second means that what was accepted in the last one may be lost. */
export const fsyncWarnings = (told: unknown): readonly string[] => {
  const value: unknown = Array.isArray(told) ? told[1] : undefined;
  if (value === 'always' || value === undefined) return [];
  return [
    `appendfsync is ${String(value)}: commands accepted in the last moment before Redis ends are lost; set appendfsync always`,
  ];
};
