import { parentPort, workerData } from 'node:worker_threads';
import { carryOut, type Task } from './tasks.ts';

const task: Task = workerData;
parentPort?.postMessage(await carryOut(task, () => performance.now()));
