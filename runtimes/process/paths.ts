import { sha256 } from "./sha256.ts";

/** Where the driver keeps what it knows about one task. */
export interface TaskPaths {
  /** Everything of the task but its exit records. */
  readonly root: string;
  /** Link to the directory of the run that counts. */
  readonly current: string;
  readonly runs: string;
  /** Default working directory, and HOME. */
  readonly work: string;
  /** Output, appended to; older parts beside it. */
  readonly log: string;
  /** What a crashing engine leaves behind. */
  readonly crash: string;
  /** Names of the artifacts that the task needs, one per line. */
  readonly artifacts: string;
}

/** Paths of the task `id` below the driver's directory. */
export function taskPaths(directory: string, id: string): TaskPaths {
  const root = `${directory}/tasks/${fileName(id)}`;
  return {
    root,
    current: `${root}/current`,
    runs: `${root}/runs`,
    work: `${root}/work`,
    log: `${root}/log/output.log`,
    crash: `${root}/crash`,
    artifacts: `${root}/artifacts`,
  };
}

/** Paths of one start of a task. */
export interface RunPaths {
  readonly root: string;
  /** What was meant to be started. */
  readonly intent: string;
  /** Whoever creates it decides whether the run takes place. */
  readonly claim: string;
  /** Line of /proc/PID/stat of the workload at its start. */
  readonly process: string;
}

/** Paths of the run `run` of a task. */
export function runPaths(task: TaskPaths, run: string): RunPaths {
  const root = `${task.runs}/${run}`;
  return { root, intent: `${root}/run.json`, claim: `${root}/claim`, process: `${root}/process` };
}

/** Directory of exit records: one for all tasks, so that one watch sees every end. */
export function exitDirectory(directory: string): string {
  return `${directory}/exits`;
}

/** A task's id as a file name. Kubernetes names know no underscore, so ids stay distinct; they may be longer than a file name. */
function fileName(id: string): string {
  const name = id.replaceAll("/", "_");
  return name.length <= 200 ? name : `${name.slice(0, 160)}_${sha256(id).slice(0, 32)}`;
}
