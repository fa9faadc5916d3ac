import type { TaskResult, WorkerTask } from '../../contract/index.ts';
import type { TaskContext } from '../task-context.ts';
import { withFootprint } from '../task-footprint.ts';
import { runBackupTask } from './backup-task.ts';
import { runFileRecoveryTask } from './file-recovery-task.ts';
import { runRestoreTask } from './restore-task.ts';
import { runVerifyTask } from './verify-task.ts';

/** Runs a task of any kind to its result. */
export function runTask(task: WorkerTask, context: TaskContext): Promise<TaskResult> {
  return withFootprint(context, () => runKind(task, context));
}

function runKind(task: WorkerTask, context: TaskContext): Promise<TaskResult> {
  switch (task.kind) {
    case 'backup':
      return runBackupTask(task, context);
    case 'restore':
      return runRestoreTask(task, context);
    case 'verify':
      return runVerifyTask(task, context);
    case 'file-recovery':
      return runFileRecoveryTask(task, context);
  }
}
