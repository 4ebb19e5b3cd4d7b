// How the labels of a few videos evolved from stage to stage. Role: one block of strips per video. Limits: shows what the
// method kept; says nothing where it keeps none.
import { useMemo, useState } from 'react';
import type { Run, ScoreMap, Video } from '../../../shared/contract/index.ts';
import { Panel } from '../../components/Panel.tsx';
import { StageMap, type Strip } from '../../components/StageMap.tsx';
import { Segments } from '../../components/Toggle.tsx';
import { plural } from '../../format.ts';
import { useCall } from '../../state/queries.ts';
import styles from './Runs.module.css';

/** The line of 0 and 1 that is drawn as marks under the others. */
const LABEL = 'Label';

interface Shown {
  videoId: number;
  name: string;
  strips: Strip[];
}

function shownOf(maps: readonly ScoreMap[], line: string, names: ReadonlyMap<number, string>): Shown[] {
  return [...Map.groupBy(maps, (map) => map.videoId)].map(([videoId, own]) => ({
    videoId,
    name: names.get(videoId) ?? `Video ${videoId}`,
    strips: own.map(({ stage, lines }) => ({
      stage,
      values: lines.find(({ name }) => name === line)?.values ?? [],
      marks: lines.find(({ name }) => name === LABEL)?.values ?? [],
    })),
  }));
}

/** "2 modules; 12 of 40 segments labelled after the first, 9 after the last". */
function inWords({ name, strips }: Shown): string {
  const labelled = ({ marks }: Strip): number => marks.reduce((sum, mark) => sum + mark, 0);
  const [first, last] = [strips[0], strips[strips.length - 1]];
  return `${name}: ${plural(strips.length, 'module')}; ${labelled(first)} of ${plural(first.values.length, 'segment')} labelled after the first, ${labelled(last)} after the last`;
}

export function ScoreMapsPanel({ run }: { run: Run }) {
  const { data: maps } = useCall('runs.maps', { id: run.id });
  const { data: videos } = useCall('videos.list', {});
  const [chosen, setChosen] = useState<string | null>(null);
  const names = useMemo(
    () => new Map((videos ?? []).map(({ id, relPath }: Pick<Video, 'id' | 'relPath'>) => [id, relPath])),
    [videos],
  );
  const lines = maps?.[0]?.lines.map(({ name }) => name).filter((name) => name !== LABEL) ?? [];
  const line = lines.find((name) => name === chosen) ?? lines[0];
  const shown = useMemo(() => (maps && line ? shownOf(maps, line, names) : []), [maps, line, names]);
  if (shown.length === 0) return null;
  return (
    <Panel className={styles.panel}>
      <h2>
        How labels evolved
        <small>a few videos, one strip per module; a mark below is a label</small>
        <span className={styles.push} />
        <Segments
          label="Scores"
          value={line}
          onChange={setChosen}
          options={lines.map((name) => ({ value: name, label: name }))}
        />
      </h2>
      <ul className={styles.maps}>
        {shown.map((video) => (
          <li key={video.videoId}>
            <span className={styles.mapName} title={video.name}>
              {video.name}
            </span>
            <StageMap strips={video.strips} label={inWords(video)} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
