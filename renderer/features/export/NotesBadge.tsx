// A mark beside a chosen format. Role: how many notes its export has, or that its conventions stop it.
import type { ExportFormat, ExportOptions, LabelSource } from '../../../shared/contract/index.ts';
import { Badge } from '../../components/Badge.tsx';
import { plural } from '../../format.ts';
import { useCall } from '../../state/queries.ts';

export interface NotesBadgeProps {
  format: ExportFormat;
  source: LabelSource;
  options: ExportOptions;
}

export function NotesBadge({ format, source, options }: NotesBadgeProps) {
  const { data } = useCall('exports.preview', { labels: source, format, options }, { keepPrevious: true });
  if (!data) return null;
  if (data.refusal !== null) return <Badge tone="bad">stops</Badge>;
  return data.notes.length === 0 ? null : <Badge tone="warn">{plural(data.notes.length, 'note')}</Badge>;
}
