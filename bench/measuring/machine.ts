import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** Which machine this is and how busy it was when the measurement began. */
export const machineLine = (): string => {
  const { model = 'unknown' } = cpus()[0] ?? {};
  const load = loadavg()
    .map((each) => each.toFixed(1))
    .join(' ');
  return `${model}, ${availableParallelism()} cores, Node ${process.version}, ${process.platform}, load average ${load}`;
};

/** Ticks of `/proc/<pid>/stat`: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const ticksPerSecond = 100;

/** Milliseconds of processor time that a process has used so far, in steps of 10. */
export const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
};

/** MiB of memory that a process holds now (`VmRSS`) or has held at most (`VmHWM`). */
export const memoryMiB = (pid: number, which: 'VmRSS' | 'VmHWM' = 'VmRSS'): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
};
