// Calls about how good labels are. Role: which runs and options; the work is beside this and in shared/quality.
import { evaluationTables } from '../../formats/evaluation-tables.ts';
import type { Context, HandlersOf } from '../context.ts';
import { evaluationReport } from '../evaluation.ts';
import { writeFolder } from '../export-folder.ts';
import { calibrationReport, probabilityFiles } from './calibration.ts';
import { agreements } from './consensus.ts';
import { qualityReport } from './estimate.ts';
import { explain } from './explain.ts';

export function qualityHandlers(context: Context): HandlersOf<'quality'> {
  return {
    'quality.evaluation': ({ id, ...options }) => evaluationReport(context.opened().store, id, options),
    'quality.writeTables': ({ ids, grant, ...options }) => {
      const { store } = context.opened();
      const reports = ids.map((id) => evaluationReport(store, id, options));
      const [{ run }] = reports;
      const name = reports.length === 1 ? `${run.name}-evaluation` : 'evaluation';
      return writeFolder(context, grant, name, evaluationTables(reports));
    },
    'quality.estimate': (input) => qualityReport(context.opened(), input),
    'quality.calibration': ({ runId, kind }) => calibrationReport(context.opened(), runId, kind),
    'quality.writeProbabilities': ({ runId, kind, grant }) => {
      const project = context.opened();
      const { name } = project.store.runs.get(runId);
      return writeFolder(context, grant, `${name}-probabilities`, probabilityFiles(project, runId, kind));
    },
    'quality.explain': (input) => explain(context.opened(), input),
    'quality.agreement': ({ runId }) => agreements(context.opened(), runId),
  };
}
