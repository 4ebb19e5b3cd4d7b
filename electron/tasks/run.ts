// Kind of task -> the function that does it. Loaded lazily, so that decoding a video does not load the compute engine.
import type { Task, TaskContext, TaskResult } from './protocol.ts';

export async function runTask(task: Task, context: TaskContext): Promise<TaskResult> {
  switch (task.kind) {
    case 'import':
      return (await import('./import.ts')).runImport(task, context);
    case 'extract':
      return (await import('./extract.ts')).runExtract(task, context);
    case 'features':
      return (await import('./features.ts')).runFeatures(task, context);
    case 'detections':
      return (await import('./detections.ts')).runDetections(task, context);
    case 'train':
      return (await import('./train.ts')).runTrain(task, context);
    case 'estimate':
      return (await import('./estimate.ts')).runEstimate(task, context);
    case 'proxy':
      return (await import('./proxy.ts')).runProxy(task, context);
    case 'relink':
      return (await import('./relink.ts')).runRelink(task, context);
    case 'sample':
      return (await import('./sample.ts')).runSample(task, context);
    case 'device':
      return (await import('./device.ts')).runDevice(task, context);
    case 'labels':
      return (await import('./labels.ts')).runLabels(task, context);
    default:
      return task satisfies never;
  }
}
